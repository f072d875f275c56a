import { type FoundReference, findReference } from './reference-syntax.ts';

type Reference = Extract<FoundReference, { type: 'reference' }>;

/** A text in which references become links. */
export interface ReferencedText {
  /** Takes the next piece; returns what is decided of the text, with all that came before. */
  feed(piece: string): string;
  /** Decides on what was held back, since something else comes next; the text may go on then. */
  release(): string;
}

/**
 * Makes the reader of one text. `toLink` gives the link for a ref and learns where it will stand, in
 * UTF-16 units of all that is returned; null when it does not know the ref. A link is set off by a
 * space from the word before it. An empty link makes the reference vanish, and a space next to it that
 * nothing needs any more; so does an unknown ref, unless the reference may be other text, which stays.
 *
 * Held back is what may be the beginning of a reference, and spaces, which may stand before one.
 */
export function createReferencedText(
  toLink: (ref: string, startIndex: number) => string | null,
): ReferencedText {
  let undecided = '';
  /** Spaces that were read and not returned. */
  let gap = '';
  let hasVanished = false;
  let skipsSpaces = false;
  let due = '';
  let returned = 0;
  let lastUnit = '\n';

  function emit(text: string): void {
    due += text;
    lastUnit = text.at(-1) ?? lastUnit;
  }

  function takePlain(text: string): void {
    const words = skipsSpaces ? text.replace(LEADING_SPACES, '') : closeUp(text);
    if (words === '') return;
    skipsSpaces = false;
    const end = endOfWords(words);
    if (end > 0) emit(gap + words.slice(0, end));
    gap = end > 0 ? words.slice(end) : gap + words;
  }

  /** What is left of text behind a reference that has vanished. */
  function closeUp(text: string): string {
    if (!hasVanished || text === '') return text;
    hasVanished = false;
    if (lastUnit !== '\n') {
      if (NEEDS_NO_SPACE_BEFORE.test(text)) gap = '';
      return text;
    }
    const words = text.replace(LEADING_SPACES, '');
    skipsSpaces = words === '';
    return words;
  }

  function takeReference({ ref, isDoubtful }: Reference, words: string): void {
    const space = gap === '' && lastUnit !== '\n' ? ' ' : gap;
    const link = toLink(ref, returned + due.length + space.length);
    if (link === null && isDoubtful) {
      takePlain(words);
      return;
    }
    hasVanished = !link;
    if (!link) return;
    emit(space + link);
    gap = '';
    skipsSpaces = false;
  }

  function read(text: string, isWhole: boolean): void {
    let at = 0;
    for (;;) {
      const found = findReference(text, at, isWhole);
      takePlain(text.slice(at, found?.start));
      if (found === null) return;
      if (found.type === 'unclear') {
        undecided = text.slice(found.start);
        return;
      }
      takeReference(found, text.slice(found.start, found.end));
      at = found.end;
    }
  }

  function takeDue(): string {
    const text = due;
    due = '';
    returned += text.length;
    return text;
  }

  return {
    feed(piece) {
      const text = undecided + piece;
      undecided = '';
      read(text, false);
      return takeDue();
    },
    release() {
      const text = undecided;
      undecided = '';
      read(text, true);
      if (!hasVanished) emit(gap);
      hasVanished = false;
      gap = '';
      return takeDue();
    },
  };
}

const LEADING_SPACES = /^[ \t]+/;
const NEEDS_NO_SPACE_BEFORE = /^[\s.,;:!?)\]}"”’…，。；：！？、）】」』》]/;

/** Where the spaces at the end of a text begin. */
function endOfWords(text: string): number {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return end;
}
