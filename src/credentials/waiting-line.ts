import type { Schedule } from '../lib/schedule.ts';

export interface WaitingLineOptions<Wish, Answer> {
  /** The answer to a wish, if there is one now; null = it waits. */
  answer: (wish: Wish) => Answer | null;
  /**
   * Wishes of one kind have the same prospects. While the line is served, an answer to one never
   * makes room for another, so only the first of its kind that has to wait is asked for.
   */
  kindOf: (wish: Wish) => string;
  /** In how many ms time alone may bring an answer; null = it will not. */
  nextChanceMs: () => number | null;
  schedule: Schedule;
}

interface Waiter<Wish, Answer> {
  wish: Wish;
  kind: string;
  leaveWith(answer: Answer): void;
}

/** Wishes that wait for their answer: first come, first served. Who aborts leaves at once. */
export class WaitingLine<Wish, Answer> {
  readonly #options: WaitingLineOptions<Wish, Answer>;
  /**
   * Insertion order is the line's order. That a long `Set`'s first entry is slow to find costs nothing
   * here: serving goes through the whole line anyway, which is no longer than requests run at once.
   */
  readonly #waiters = new Set<Waiter<Wish, Answer>>();
  #cancelChance: (() => void) | null = null;

  constructor(options: WaitingLineOptions<Wish, Answer>) {
    this.#options = options;
  }

  /**
   * The answer, at once or when there is one. Who came before is asked first. Rejects only when
   * `signal` aborts, with its reason.
   */
  async ask(wish: Wish, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    this.serve();
    const answer = this.#options.answer(wish);
    if (answer !== null) return answer;
    const answered = this.#join(wish, signal);
    this.#awaitChance();
    return answered;
  }

  /** Something has changed. Who is answered leaves, the others keep their places. */
  serve(): void {
    const hopeless = new Set<string>();
    for (const waiter of this.#waiters) {
      if (hopeless.has(waiter.kind)) continue;
      const answer = this.#options.answer(waiter.wish);
      if (answer === null) hopeless.add(waiter.kind);
      else waiter.leaveWith(answer);
    }
    this.#awaitChance();
  }

  #join(wish: Wish, signal: AbortSignal): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const leave = () => {
      signal.removeEventListener('abort', onAbort);
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.#awaitChance();
    };
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    const waiter: Waiter<Wish, Answer> = {
      wish,
      kind: this.#options.kindOf(wish),
      leaveWith(answer) {
        leave();
        resolve(answer);
      },
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiters.add(waiter);
    return promise;
  }

  #awaitChance(): void {
    this.#cancelChance?.();
    this.#cancelChance = null;
    if (this.#waiters.size === 0) return;
    const chanceMs = this.#options.nextChanceMs();
    if (chanceMs === null) return;
    this.#cancelChance = this.#options.schedule(() => this.serve(), chanceMs);
  }
}
