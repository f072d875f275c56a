import { ClientLeftError, GatewayError, QueueFullError, QueueTimeoutError } from '../errors.ts';
import { FairQueue } from './fair-queue.ts';

export interface SemaphoreOptions {
  /** How many permits there are. */
  maxConcurrency: number;
  /** How many may wait for one; 0 = nobody waits. */
  maxQueue: number;
  /** How long one may wait, in ms. */
  queueTimeoutMs: number;
}

/** The right to run one request. Given back once, by disposal; a second disposal does nothing. */
export type Permit = Disposable;

interface Waiter {
  grant(permit: Permit): void;
  refuse(reason: GatewayError): void;
}

/** Seconds suggested to a client that found no room: most streams last longer than this. */
const RETRY_AFTER_SECONDS = 5;

/**
 * A counting semaphore with a bounded queue that is fair between client keys: a freed permit goes to
 * the keys in turn, and of one key to who came first.
 *
 * A full queue refuses the newcomer, unless its key has at least two waiters less than the key that
 * has the most: then the last waiter of that one is refused in its stead. So each key is sure of
 * `maxQueue` divided by the number of keys that wait, and may have more while others leave it free.
 *
 * A waiter that aborts or times out leaves the queue at once and never holds a permit.
 */
export class Semaphore {
  readonly #options: SemaphoreOptions;
  readonly #queue = new FairQueue<Waiter>();
  #running = 0;

  constructor(options: SemaphoreOptions) {
    this.#options = options;
  }

  /** Permits that are out. */
  get running(): number {
    return this.#running;
  }

  /** Requests that wait for a permit. */
  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Takes a permit for a request with this client key (null where none is asked for), waiting for
   * one if need be.
   *
   * @throws QueueFullError when the queue has no room, or has to make room for another key;
   * QueueTimeoutError after `queueTimeoutMs`; the signal's reason when that aborts first
   * (ClientLeftError if it has none of ours).
   */
  async acquire(signal: AbortSignal, clientKeyId: string | null): Promise<Permit> {
    if (signal.aborted) throw reasonOf(signal);
    if (this.#running < this.#options.maxConcurrency) {
      this.#queue.servedAtOnce(clientKeyId);
      return this.#issue();
    }
    if (this.#queue.size >= this.#options.maxQueue) this.#makeRoom(clientKeyId);
    return this.#join(signal, clientKeyId);
  }

  #makeRoom(clientKeyId: string | null): void {
    const full = new QueueFullError(RETRY_AFTER_SECONDS);
    const displaced = this.#queue.displaceFor(clientKeyId);
    if (displaced === null) throw full;
    displaced.refuse(full);
  }

  #join(signal: AbortSignal, clientKeyId: string | null): Promise<Permit> {
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const stopWaiting = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const waiter: Waiter = {
      grant(permit) {
        stopWaiting();
        resolve(permit);
      },
      refuse(reason) {
        stopWaiting();
        reject(reason);
      },
    };
    const leave = this.#queue.push(clientKeyId, waiter);
    const giveUp = (reason: GatewayError) => {
      leave();
      waiter.refuse(reason);
    };
    const onAbort = () => giveUp(reasonOf(signal));
    const { queueTimeoutMs } = this.#options;
    const timer = setTimeout(
      () => giveUp(new QueueTimeoutError(queueTimeoutMs, RETRY_AFTER_SECONDS)),
      queueTimeoutMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  #issue(): Permit {
    this.#running += 1;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#running -= 1;
        this.#queue.shift()?.grant(this.#issue());
      },
    };
  }
}

/** A chat in the queue ends by its client, or by the gateway's own end. */
function reasonOf({ reason }: AbortSignal): GatewayError {
  return reason instanceof GatewayError ? reason : new ClientLeftError();
}
