import type { Credential } from './credential.ts';
import type { Guest } from './guest.ts';
import { selectLeastBusy } from './select-least-busy.ts';

/** The live guests, and whom they serve. Only here a guest's role changes. */
export class GuestBook implements Iterable<Guest> {
  readonly #guests = new Map<string, Guest>();
  readonly #spares = new Set<Guest>();
  /** In the order in which they were bound. */
  readonly #byConversation = new Map<string, Set<Guest>>();

  /** How many guests there are, those that leave included. */
  get live(): number {
    return this.#guests.size;
  }

  /** How many of them nobody has had yet. */
  get spares(): number {
    return this.#spares.size;
  }

  /** In the order in which they came. Guests may be removed on the way. */
  [Symbol.iterator](): Iterator<Guest> {
    return this.#guests.values();
  }

  /** The guest of a credential's id; null when there is none any more. */
  find(id: string): Guest | null {
    return this.#guests.get(id) ?? null;
  }

  /** Whether a live guest is the same user to the service, be it with another secret. */
  knows({ id, userId }: Credential): boolean {
    if (this.#guests.has(id)) return true;
    return this.#guests.values().some(({ credential }) => credential.userId === userId);
  }

  /** Takes in a spare guest. */
  add(guest: Guest): void {
    this.#guests.set(guest.credential.id, guest);
    this.#spares.add(guest);
  }

  /** Gives a spare guest to a conversation. */
  bind(guest: Guest, conversation: string): void {
    this.#spares.delete(guest);
    guest.role = { is: 'bound', conversation };
    const bound = this.#byConversation.get(conversation);
    if (bound === undefined) this.#byConversation.set(conversation, new Set([guest]));
    else bound.add(guest);
  }

  /** Gives the oldest spare guest to a conversation; null when there is none. */
  bindSpare(conversation: string): Guest | null {
    for (const guest of this.#spares) {
      this.bind(guest, conversation);
      return guest;
    }
    return null;
  }

  /** A guest of the conversation that is not in `tried`, the least busy one; null when none is. */
  leastBusyOf(conversation: string, tried: ReadonlySet<string>): Guest | null {
    const bound = [...(this.#byConversation.get(conversation) ?? [])];
    const usable = bound.filter(({ credential }) => !tried.has(credential.id));
    return selectLeastBusy(usable, ({ inFlight }) => inFlight);
  }

  /** The bound guest without a request whose last one is the longest ago; null when all are busy. */
  longestIdle(): Guest | null {
    let longest: Guest | null = null;
    for (const guest of this.#guests.values()) {
      if (guest.role.is !== 'bound' || guest.inFlight > 0) continue;
      if (longest === null || (guest.usedAtMs ?? 0) < (longest.usedAtMs ?? 0)) longest = guest;
    }
    return longest;
  }

  /** Lets a guest leave: nobody finds it as a spare or by its conversation any more. */
  release(guest: Guest): void {
    if (guest.role.is === 'bound') {
      const { conversation } = guest.role;
      const bound = this.#byConversation.get(conversation);
      bound?.delete(guest);
      if (bound?.size === 0) this.#byConversation.delete(conversation);
    }
    this.#spares.delete(guest);
    guest.role = { is: 'leaving' };
  }

  /** Forgets a guest. */
  remove(guest: Guest): void {
    this.release(guest);
    this.#guests.delete(guest.credential.id);
  }
}
