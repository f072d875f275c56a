import type { Config } from '../config/settings.ts';
import type { Logger } from '../lib/log.ts';
import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';

/** A level, as the setting `LOG_LEVEL` names them. */
export type LevelName = Config['logLevel'];

export interface LogLevelStatus {
  level: LevelName;
  /** What the settings say, which counts again when a change has run out, and at the next start. */
  configured: LevelName;
  /** Unix ms; null when the level stays. */
  untilMs: number | null;
}

interface LogLevelOptions {
  /** The log itself, of which there are no copies yet: those would keep the level that they began with. */
  log: Logger;
  configured: LevelName;
  schedule?: Schedule;
  /** Unix ms. */
  now?: () => number;
}

/** The level of the log, which can be changed while the gateway runs. */
export class LogLevel implements Disposable {
  readonly #log: Logger;
  readonly #configured: LevelName;
  readonly #schedule: Schedule;
  readonly #now: () => number;
  #level: LevelName;
  #untilMs: number | null = null;
  #cancelReturn = () => {};

  constructor({ log, configured, schedule = scheduleTimeout, now = Date.now }: LogLevelOptions) {
    this.#log = log;
    this.#configured = configured;
    this.#level = configured;
    this.#schedule = schedule;
    this.#now = now;
  }

  get status(): LogLevelStatus {
    return { level: this.#level, configured: this.#configured, untilMs: this.#untilMs };
  }

  /** For a while, or until the next change; `forMs` null = it stays. A change undoes the one before. */
  set(level: LevelName, forMs: number | null): void {
    this.#cancelReturn();
    this.#cancelReturn = () => {};
    this.#untilMs = null;
    this.#change(level);
    if (forMs === null) return;
    this.#untilMs = this.#now() + forMs;
    this.#cancelReturn = this.#schedule(() => {
      this.#untilMs = null;
      this.#change(this.#configured);
    }, forMs);
  }

  [Symbol.dispose](): void {
    this.#cancelReturn();
  }

  /** Said on whichever side of the change has more to say, so that a silence has a beginning. */
  #change(level: LevelName): void {
    const line = { from: this.#level, to: level };
    const wasHeard = this.#log.isLevelEnabled('info');
    if (wasHeard) this.#log.info(line, 'log level changed');
    this.#log.level = level;
    this.#level = level;
    if (!wasHeard) this.#log.info(line, 'log level changed');
  }
}
