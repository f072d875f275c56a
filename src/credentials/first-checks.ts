import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import { type CheckCredential, checkCredentials } from './check-credentials.ts';
import type { Credential } from './credential.ts';
import type { CredentialVerdict } from './validate-credential.ts';

interface FirstChecksOptions {
  check: CheckCredential;
  onVerdict: (credential: Credential, verdict: CredentialVerdict) => void;
  /** Whether verdicts on credentials of which nothing is known may come soon. */
  onExpecting: (expecting: boolean) => void;
  schedule?: Schedule;
  /** In [0, 1); injectable for tests. */
  random?: () => number;
}

/** For longer nobody should wait for them. */
const LONGEST_WAIT_MS = 5_000;
const REPEAT_AFTER_MS = 5 * 60_000;

/**
 * Checks credentials that nobody has checked yet, in the background, and asks again every 5 minutes or
 * so about those of which the service could not tell.
 *
 *   awaited ──account, refused──▶ done
 *      └──unknown──▶ doubtful ──5 min──▶ asked again ──account, refused──▶ done
 *                        ▲──────unknown──────┘
 */
export class FirstChecks implements Disposable {
  readonly #check: CheckCredential;
  readonly #onVerdict: FirstChecksOptions['onVerdict'];
  readonly #onExpecting: FirstChecksOptions['onExpecting'];
  readonly #schedule: Schedule;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  /** Ids of which nothing is known yet. */
  readonly #awaited = new Set<string>();
  readonly #doubtful = new Map<string, Credential>();
  /** One batch after the other, so that the service sees no more at once. */
  #batches: Promise<void> = Promise.resolve();
  #cancelRepeat: (() => void) | null = null;
  /** Not null while a verdict is expected soon. */
  #cancelWait: (() => void) | null = null;

  constructor({ check, onVerdict, onExpecting, schedule, random }: FirstChecksOptions) {
    this.#check = check;
    this.#onVerdict = onVerdict;
    this.#onExpecting = onExpecting;
    this.#schedule = schedule ?? scheduleTimeout;
    this.#random = random ?? Math.random;
  }

  /** Checks these as soon as those before them are done. */
  add(credentials: readonly Credential[]): void {
    if (credentials.length === 0) return;
    for (const { id } of credentials) this.#awaited.add(id);
    this.#expect();
    this.#ask(credentials);
  }

  /** Its verdict does not matter any more. */
  forget(id: string): void {
    this.#doubtful.delete(id);
    this.#awaited.delete(id);
    if (this.#awaited.size === 0) this.#expectNoMore();
  }

  /** Breaks off what is being asked. */
  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#cancelRepeat?.();
    this.#expectNoMore();
  }

  #ask(credentials: readonly Credential[]): void {
    const { signal } = this.#closing;
    this.#batches = this.#batches.then(async () => {
      try {
        await checkCredentials(this.#check, credentials, signal, (credential, verdict) =>
          this.#hear(credential, verdict),
        );
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  }

  #hear(credential: Credential, verdict: CredentialVerdict): void {
    const { id } = credential;
    const wasAwaited = this.#awaited.delete(id);
    const wasDoubtful = this.#doubtful.delete(id);
    if (!wasAwaited && !wasDoubtful) return; // forgotten while it was being asked about
    if (verdict.verdict === 'unknown') {
      this.#doubtful.set(id, credential);
      this.#repeatLater();
    }
    this.#onVerdict(credential, verdict);
    if (this.#awaited.size === 0) this.#expectNoMore();
  }

  #repeatLater(): void {
    // Gateways that started together must not come back together.
    const delayMs = REPEAT_AFTER_MS * (0.75 + this.#random() / 2);
    this.#cancelRepeat ??= this.#schedule(() => {
      this.#cancelRepeat = null;
      this.#ask([...this.#doubtful.values()]);
    }, delayMs);
  }

  #expect(): void {
    if (this.#cancelWait !== null) return;
    this.#cancelWait = this.#schedule(() => this.#expectNoMore(), LONGEST_WAIT_MS);
    this.#onExpecting(true);
  }

  #expectNoMore(): void {
    if (this.#cancelWait === null) return;
    this.#cancelWait();
    this.#cancelWait = null;
    this.#onExpecting(false);
  }
}
