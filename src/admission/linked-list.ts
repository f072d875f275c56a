/** A value's place in a list, for taking it out again. */
export interface Link<T> {
  readonly value: T;
  before: Link<T> | null;
  after: Link<T> | null;
}

/**
 * A doubly linked list: both ends, and leaving from anywhere, cost the same at any length. A `Set`
 * used as a queue does not do that: its first entry is found behind the gaps that earlier ones left
 * (Bun 1.4.5: 11 µs with 60,000 entries, 2 µs with 15,000).
 */
export class LinkedList<T> {
  #first: Link<T> | null = null;
  #last: Link<T> | null = null;

  get first(): Link<T> | null {
    return this.#first;
  }

  get last(): Link<T> | null {
    return this.#last;
  }

  /** Adds a value at the end. */
  push(value: T): Link<T> {
    const link: Link<T> = { value, before: this.#last, after: null };
    if (this.#last === null) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    return link;
  }

  /** Takes out a value. The link must be one of this list, and still in it. */
  remove({ before, after }: Link<T>): void {
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
  }
}
