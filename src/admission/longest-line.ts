import { type Link, LinkedList } from './linked-list.ts';

/** Those who wait on behalf of one client key; null is the key of those who need none. */
export interface Line<T> {
  readonly key: string | null;
  readonly waiting: LinkedList<T>;
  length: number;
}

/**
 * Knows the longest of many lines at any time. A line changes by one at a time, so the longest
 * length does too, and nothing is ever searched.
 */
export class LongestLine<T> {
  readonly #byLength = new Map<number, LinkedList<Line<T>>>();
  readonly #links = new Map<Line<T>, Link<Line<T>>>();
  #length = 0;

  /** Of several, the one that came to its length last; null when nobody waits. */
  get line(): Line<T> | null {
    return this.#byLength.get(this.#length)?.last?.value ?? null;
  }

  /** To be told of each line whose length has become one more or one less. */
  changed(line: Line<T>, lengthBefore: number): void {
    this.#takeOut(line, lengthBefore);
    if (line.length > 0) this.#putIn(line);
    if (line.length > this.#length) this.#length = line.length;
    else if (!this.#byLength.has(this.#length)) this.#length = line.length;
  }

  #takeOut(line: Line<T>, length: number): void {
    const link = this.#links.get(line);
    const equals = this.#byLength.get(length);
    if (link === undefined || equals === undefined) return;
    equals.remove(link);
    this.#links.delete(line);
    if (equals.first === null) this.#byLength.delete(length);
  }

  #putIn(line: Line<T>): void {
    const equals = this.#byLength.get(line.length) ?? new LinkedList();
    this.#byLength.set(line.length, equals);
    this.#links.set(line, equals.push(line));
  }
}
