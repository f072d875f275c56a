import type { UpstreamResult } from '../upstream/upstream-result.ts';
import type { Credential } from './credential.ts';

type Answer = UpstreamResult<Credential>;
type Waiter = (answer: Answer) => void;

/** All who wait for one conversation's next guest. */
interface Party {
  conversation: string;
  /** How many they are. */
  size: number;
  /** Answers all of them. */
  answer: Waiter;
}

/**
 * Conversations that wait for a guest each, first come first served. Requests of one conversation
 * wait together; one that aborts leaves at once, and with the last one the conversation does.
 */
export class GuestLine {
  /**
   * Insertion order is the line's order. Short enough for its first entry to be found at once: the pool
   * lets no more conversations wait than there may be guests, a thousand unless told otherwise.
   */
  readonly #parties = new Map<string, Set<Waiter>>();

  /** How many conversations wait. */
  get length(): number {
    return this.#parties.size;
  }

  /** Whether the conversation waits already. */
  has(conversation: string): boolean {
    return this.#parties.has(conversation);
  }

  /**
   * Waits for the conversation's next guest, or for why there is none. Rejects only when `signal`
   * aborts before that, with its reason. What has been answered has been received: an abort that
   * comes later changes nothing.
   */
  join(conversation: string, signal: AbortSignal): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const waiters = this.#parties.get(conversation) ?? new Set();
    this.#parties.set(conversation, waiters);
    const onAbort = () => {
      waiters.delete(waiter);
      if (waiters.size === 0) this.#parties.delete(conversation);
      reject(signal.reason);
    };
    const waiter = (answer: Answer) => {
      signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiters.add(waiter);
    return promise;
  }

  /** Takes out the first conversation, which is to be answered at once; null when none waits. */
  shift(): Party | null {
    for (const conversation of this.#parties.keys()) return this.#takeOut(conversation);
    return null;
  }

  /** Takes out and answers all but the first `count` conversations. */
  answerAfter(count: number, answer: Answer): void {
    for (const conversation of [...this.#parties.keys()].slice(count)) {
      this.#takeOut(conversation).answer(answer);
    }
  }

  #takeOut(conversation: string): Party {
    const waiters = this.#parties.get(conversation) ?? new Set();
    this.#parties.delete(conversation);
    return {
      conversation,
      size: waiters.size,
      answer(answer) {
        for (const waiter of waiters) waiter(answer);
      },
    };
  }
}
