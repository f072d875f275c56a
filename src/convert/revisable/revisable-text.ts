import { flatText } from '../../lib/flat-text.ts';
import { isFirstHalf, isSecondHalf } from '../../lib/surrogates.ts';

/**
 * One text that its author may still change, sent to a client who can only be sent more.
 *
 * The client's text starts with the current one whenever there was no conflict: a truncation takes
 * nothing from the client, it only moves the end of the current text back into what the client has.
 *
 *     what the client has   The quick brown fox
 *     the current text      The quick|            appending " brown cat" sends "cat", one conflict
 */
export interface RevisableText {
  /**
   * Adds to the current text.
   *
   * @returns what a client that got everything returned so far still lacks, `''` if nothing. Never
   * ends between the two halves of a surrogate pair: the first half waits for the second.
   */
  append(text: string): string;
  /** Returns the first half of a pair that waited, for a client that gets something else next. */
  release(): string;
  /** Cuts the current text; a length beyond its end changes nothing. */
  truncate(length: number): void;
  /** The author is done. Returns what waited; text the client has beyond the end is a conflict. */
  finish(): string;
  /** How often the author changed what the client already had. */
  readonly conflicts: number;
  /** Of the current text, in UTF-16 units. */
  readonly length: number;
  /** The current text, but for a half that waits. Builds it: not for each delta. */
  toString(): string;
}

/**
 * Texts are kept in pieces of about this many UTF-16 units: comparing or cutting touches one piece,
 * and never flattens a rope of the whole text.
 */
const PIECE_UNITS = 1024;

/** Makes an empty text. All work is linear in what is appended. */
export function createRevisableText(): RevisableText {
  // What the client has, in pieces; `starts[i]` is where `pieces[i]` begins.
  const pieces: string[] = [];
  const starts: number[] = [];
  let clientLength = 0;
  // The current text is what the client has up to here.
  let length = 0;
  // The client's text ends with a first half of a pair that was not returned yet.
  let halfWaits = false;
  let conflicts = 0;

  function push(text: string): void {
    const last = pieces.length - 1;
    const piece = pieces[last];
    if (piece !== undefined && piece.length < PIECE_UNITS) pieces[last] = piece + text;
    else {
      if (piece !== undefined) pieces[last] = flatText(piece);
      pieces.push(text);
      starts.push(clientLength);
    }
    clientLength += text.length;
  }

  function cutClientText(to: number): void {
    if (to === clientLength) return;
    const index = pieceAt(to);
    const start = starts[index] ?? 0;
    const kept = pieces[index]?.slice(0, to - start) ?? '';
    pieces.length = starts.length = index;
    clientLength = start;
    if (kept !== '') push(kept);
  }

  /** The piece that holds `offset`, by bisection. */
  function pieceAt(offset: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many units of `text` the client has already, from the end of the current text on. */
  function unitsKnown(text: string): number {
    let known = 0;
    for (let i = pieceAt(length); known < text.length && i < pieces.length; i++) {
      const piece = pieces[i] as string;
      const from = length + known - (starts[i] as number);
      const same = commonUnits(piece, from, text, known);
      known += same;
      if (from + same < piece.length) break;
    }
    return known;
  }

  /** Adds what the client lacks, and returns it with the half that waited. */
  function send(text: string): string {
    const waited = halfWaits ? unitBefore(clientLength) : '';
    push(text);
    length = clientLength;
    halfWaits = isFirstHalf(text.charCodeAt(text.length - 1));
    const due = waited + text;
    return halfWaits ? due.slice(0, -1) : due;
  }

  function unitBefore(offset: number): string {
    if (offset === 0) return '';
    const index = pieceAt(offset - 1);
    return pieces[index]?.charAt(offset - 1 - (starts[index] as number)) ?? '';
  }

  function append(text: string): string {
    if (length === clientLength) return text === '' ? '' : send(text);
    const known = unitsKnown(text);
    length += known;
    const lacking = text.slice(known);
    if (lacking === '') return '';
    if (length === clientLength) return send(lacking);
    conflicts += 1;
    cutClientText(length);
    // The pairs differ in their second halves: the client needs a whole pair.
    const half = isSecondHalf(lacking.charCodeAt(0)) ? unitBefore(length) : '';
    const firstHalf = isFirstHalf(half.charCodeAt(0)) ? half : '';
    return firstHalf + send(lacking);
  }

  function release(): string {
    if (!halfWaits) return '';
    halfWaits = false;
    return unitBefore(clientLength);
  }

  return {
    append,
    release,
    truncate(to) {
      if (to >= length) return;
      length = to;
      if (!halfWaits) return;
      halfWaits = false;
      cutClientText(clientLength - 1);
    },
    finish() {
      if (length < clientLength) conflicts += 1;
      return release();
    },
    get conflicts() {
      return conflicts;
    },
    get length() {
      return length;
    },
    toString: () => pieces.join('').slice(0, halfWaits ? length - 1 : length),
  };
}

function commonUnits(a: string, aFrom: number, b: string, bFrom: number): number {
  const most = Math.min(a.length - aFrom, b.length - bFrom);
  let same = 0;
  while (same < most && a.charCodeAt(aFrom + same) === b.charCodeAt(bFrom + same)) same += 1;
  return same;
}
