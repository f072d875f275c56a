import { type Link, LinkedList } from './linked-list.ts';
import { type Line, LongestLine } from './longest-line.ts';

/**
 * A queue that is fair between client keys; whoever waits with the same key is a line, first come
 * first served.
 *
 *   line of a   a1 a2 a3 …        served: a1 b1 a2 a3 …
 *   line of b   b1
 *
 * The lines take turns, one waiter a turn. A new line goes to the end, but before the line that had
 * the last turn: so a key that asks seldom comes before the next of a key that floods, and between
 * two turns of one line every other line that waits has one.
 *
 * Each operation costs the same however many wait, and with however many keys.
 */
export class FairQueue<T> {
  /** The lines in the order of their turns, and where in it each key's is. */
  readonly #turns = new LinkedList<Line<T>>();
  readonly #turnOf = new Map<string | null, Link<Line<T>>>();
  readonly #longest = new LongestLine<T>();
  #size = 0;
  /** The key that had the last turn; undefined before the first one. */
  #lastServed: string | null | undefined;

  /** How many wait, in all lines. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a waiter to the line of its key.
   *
   * @returns how it leaves before its turn; not to be called once it has been taken out.
   */
  push(key: string | null, waiter: T): () => void {
    const line = this.#turnOf.get(key)?.value ?? this.#openLine(key);
    const link = line.waiting.push(waiter);
    this.#resize(line, 1);
    return () => this.#remove(line, link);
  }

  /** Takes out the waiter whose turn it is; null when nobody waits. */
  shift(): T | null {
    const line = this.#turns.first?.value;
    if (!line?.waiting.first) return null;
    const waiter = this.#remove(line, line.waiting.first);
    if (line.length > 0) this.#toEnd(line);
    this.#lastServed = line.key;
    return waiter;
  }

  /** Counts as a turn that somebody with this key was served without waiting. */
  servedAtOnce(key: string | null): void {
    this.#lastServed = key;
  }

  /**
   * Takes out a waiter to make room for another with this key: the last of the longest line. null
   * when that line would then be shorter than the key's own: nobody makes room for a key that has
   * as much of the queue as any other.
   */
  displaceFor(key: string | null): T | null {
    const longest = this.#longest.line;
    const own = this.#turnOf.get(key)?.value.length ?? 0;
    if (!longest?.waiting.last || longest.length - 1 < own + 1) return null;
    return this.#remove(longest, longest.waiting.last);
  }

  #openLine(key: string | null): Line<T> {
    const last = this.#turns.last?.value;
    const line: Line<T> = { key, waiting: new LinkedList(), length: 0 };
    this.#toEnd(line);
    if (last && last.key === this.#lastServed) this.#toEnd(last);
    return line;
  }

  #toEnd(line: Line<T>): void {
    this.#leaveTurns(line);
    this.#turnOf.set(line.key, this.#turns.push(line));
  }

  #leaveTurns(line: Line<T>): void {
    const turn = this.#turnOf.get(line.key);
    if (turn) this.#turns.remove(turn);
    this.#turnOf.delete(line.key);
  }

  #remove(line: Line<T>, link: Link<T>): T {
    line.waiting.remove(link);
    this.#resize(line, -1);
    if (line.length === 0) this.#leaveTurns(line);
    return link.value;
  }

  #resize(line: Line<T>, by: 1 | -1): void {
    line.length += by;
    this.#size += by;
    this.#longest.changed(line, line.length - by);
  }
}
