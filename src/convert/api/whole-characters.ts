import { isFirstHalf } from '../../lib/surrogates.ts';

/**
 * Text that comes in pieces, in pieces that end with whole characters: the first half of a surrogate
 * pair waits for the second. A client that decodes each chunk by itself could not join the halves.
 */
export interface WholeCharacters {
  /** Takes the next piece; returns what may go out of it and of what waited. */
  take(piece: string): string;
  /** Returns the half that waited, since something else comes next. */
  release(): string;
}

/** Makes one in which nothing waits. */
export function createWholeCharacters(): WholeCharacters {
  let half = '';
  return {
    take(piece) {
      const text = half === '' ? piece : half + piece;
      const end = isFirstHalf(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length;
      half = text.slice(end);
      return end === text.length ? text : text.slice(0, end);
    },
    release() {
      const text = half;
      half = '';
      return text;
    },
  };
}
