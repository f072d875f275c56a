import { startDeadline } from '../lib/deadline.ts';
import type { Schedule } from '../lib/schedule.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';

/** Deletes a guest's chats; null when done, else why not. Rejects only when the signal aborts. */
export type DeleteGuestChats = (
  guest: Credential,
  signal: AbortSignal,
) => Promise<UpstreamFailure | null>;

interface GuestChatDeletionOptions {
  deleteChats: DeleteGuestChats;
  log: { debug(fields: object, message: string): void };
  schedule: Schedule;
}

const MAX_PARALLEL = 4;
/** At the end there is little time, and nobody else to leave room for. */
const MAX_PARALLEL_AT_END = 16;
const DELETE_TIMEOUT_MS = 10_000;
/** More wait only when the service answers nothing but mintings. */
const MAX_WAITING = 1_000;

/**
 * Deletes the chats of guests that have retired: a few at a time, each guest once, failed or not.
 * Nobody waits for it but the end of the gateway.
 */
export class GuestChatDeletion {
  readonly #options: GuestChatDeletionOptions;
  readonly #waiting: Credential[] = [];
  readonly #givingUp = new AbortController();
  #ended: PromiseWithResolvers<void> | null = null;
  #running = 0;

  constructor(options: GuestChatDeletionOptions) {
    this.#options = options;
  }

  /** Deletes the guest's chats when its turn comes. Never throws. */
  add(guest: Credential): void {
    this.#waiting.push(guest);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#goOn();
  }

  /** Resolves when nothing is left to do, or after `withinMs`, which breaks off what is. */
  async finish(withinMs: number): Promise<void> {
    if (this.#running === 0) return;
    const ended = Promise.withResolvers<void>();
    this.#ended = ended;
    this.#goOn();
    const cancel = this.#options.schedule(() => {
      this.#waiting.length = 0;
      this.#givingUp.abort();
      ended.resolve();
    }, withinMs);
    await ended.promise;
    cancel();
  }

  #goOn(): void {
    const room = this.#ended === null ? MAX_PARALLEL : MAX_PARALLEL_AT_END;
    while (this.#running < room) {
      const guest = this.#waiting.shift();
      if (guest === undefined) break;
      void this.#deleteChatsOf(guest);
    }
    if (this.#running === 0) this.#ended?.resolve();
  }

  async #deleteChatsOf(guest: Credential): Promise<void> {
    const { deleteChats, log } = this.#options;
    this.#running += 1;
    try {
      using deadline = startDeadline(DELETE_TIMEOUT_MS, this.#givingUp.signal, () => 'too late');
      const failure = await deleteChats(guest, deadline.signal);
      if (failure !== null) {
        log.debug({ guest: guest.id, kind: failure.kind }, "a guest's chats were not deleted");
      }
    } catch (error) {
      log.debug({ guest: guest.id, err: error }, "a guest's chats were not deleted");
    }
    this.#running -= 1;
    this.#goOn();
  }
}
