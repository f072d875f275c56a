import { ClientLeftError, ShuttingDownError } from '../errors.ts';

/** A chat's place among the running ones; leaving is its disposal. */
export interface RunningChat extends Disposable {
  /** Aborts with ClientLeftError when the client leaves, with ShuttingDownError at the end of a drain. */
  readonly signal: AbortSignal;
}

/** What operators are told of a chat while it runs. */
export interface RunningChatFacts {
  requestId: string;
  method: string;
  path: string;
  /** As the client asked for it; null when it named none. */
  model: string | null;
  clientKeyId: string | null;
  clientAddress: string | null;
  userAgent: string | null;
  /** When the request came: `performance.now()`. */
  receivedAt: number;
}

/** How long an aborted chat may take to end: one whose worker is stuck never does. */
const ABORTING_MS = 2_000;

/** The chats under way, so that shutting down can wait for them and then end what is left. */
export class RunningChats {
  readonly #chats = new Map<AbortController, RunningChatFacts | null>();
  #drained: PromiseWithResolvers<void> | null = null;

  get count(): number {
    return this.#chats.size;
  }

  get draining(): boolean {
    return this.#drained !== null;
  }

  /** Those with facts, the newest first, at most `limit`. */
  newest(limit: number): RunningChatFacts[] {
    const known = [...this.#chats.values()].filter((facts) => facts !== null);
    return known.slice(-limit).reverse();
  }

  /** @throws ShuttingDownError once a drain has begun. */
  enter(clientSignal: AbortSignal, facts: RunningChatFacts | null = null): RunningChat {
    if (this.#drained !== null) throw new ShuttingDownError();
    const controller = new AbortController();
    const onLeft = () => controller.abort(new ClientLeftError());
    this.#chats.set(controller, facts);
    if (clientSignal.aborted) onLeft();
    clientSignal.addEventListener('abort', onLeft, { once: true });
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        clientSignal.removeEventListener('abort', onLeft);
        this.#chats.delete(controller);
        if (this.#chats.size === 0) this.#drained?.resolve();
      },
    };
  }

  /**
   * Takes no more chats, and resolves when none runs. Those that still run after `graceMs` are
   * aborted; their clients get an error, never a reply that looks complete. Two seconds later it
   * resolves in any case.
   */
  async drain(graceMs: number): Promise<void> {
    this.#drained ??= Promise.withResolvers<void>();
    if (this.#chats.size === 0) this.#drained.resolve();
    const grace = setTimeout(() => {
      for (const controller of this.#chats.keys()) controller.abort(new ShuttingDownError());
    }, graceMs);
    const end = setTimeout(() => this.#drained?.resolve(), graceMs + ABORTING_MS);
    await this.#drained.promise;
    clearTimeout(grace);
    clearTimeout(end);
  }
}
