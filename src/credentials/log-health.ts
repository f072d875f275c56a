import type { Health } from './health.ts';

/** Where it is said what has become of credentials and upstreams. */
export interface ChangeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Whose health: a credential's, in all (`model` null) or with one model. */
export interface HealthOwner {
  /** Its id. */
  credential: string;
  model: string | null;
}

/** Logs a change of health that an operator wants to know of; probes and single strikes are none. */
export function logHealth(
  log: ChangeLog,
  owner: HealthOwner,
  before: Health,
  after: Health,
  nowMs: number,
): void {
  switch (after.state) {
    case 'healthy':
      if (before.state !== 'healthy') log.info(owner, 'a credential is used again');
      return;
    case 'cooling': {
      const { kind, reason, untilMs } = after;
      if (before.state === 'cooling' || untilMs <= nowMs) return;
      log.warn({ ...owner, kind, reason, forMs: untilMs - nowMs }, 'a credential is left alone');
      return;
    }
    case 'probing':
      return;
    case 'out':
      if (before.state === 'out') return;
      log.warn({ ...owner, reason: after.reason }, 'a credential is no longer used');
      return;
    default:
      after satisfies never;
  }
}
