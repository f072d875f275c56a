/** A place in a text that cites a search result, or may become one when more text comes. */
export type FoundReference =
  | {
      type: 'reference';
      start: number;
      end: number;
      ref: string;
      /** Whether it could be other text as well: then it is one only if the ref is known. */
      isDoubtful: boolean;
    }
  | { type: 'unclear'; start: number };

/** `turn0search3`; the service's other tools have refs too: `turn1fetch0`, `turn0news2`. */
const REF_REST = String.raw`\d{1,4}[a-z]{1,16}\d{1,4}`;
const REF = `turn${REF_REST}`;

/**
 * The marks around refs: `【turn0search3】` in answers, and what heads a result in the text that the
 * model is given, `[ref_id=turn0search3†Title†https://…]`, should it repeat that.
 */
const REFERENCE = new RegExp(`【(${REF})】|\\[ref_id=(${REF})(?:†[^\\]\\n]{0,500})?\\]`, 'y');

/**
 * The official API's: `[ref_3]`, `【ref_3】`, or a Markdown link of it, `[ref_3](https://…)`. The first
 * is a link of Markdown too, and an index in code.
 */
const COUNTED = /(?:\[(ref_\d{1,4})\](?:\(https?:\/\/[^\s()]{1,400}\))?|【(ref_\d{1,4})】)/y;

const OPENINGS = ['【turn', '[ref_id=turn'] as const;
const UNCLEAR_REF = String.raw`\d{1,4}(?:[a-z]{1,16}\d{0,4})?`;
/** What may follow on an opening at the end of a text that is cut inside of a reference. */
const UNCLEAR_REST = {
  '【turn': new RegExp(`^(?:${UNCLEAR_REF})?$`),
  '[ref_id=turn': new RegExp(`^(?:${UNCLEAR_REF}|${REF_REST}†[^\\]\\n]{0,500})?$`),
} as const;
/** The same for the official API's, whose address may be cut off as well. */
const UNCLEAR_COUNTED =
  /^(?:【|\[)(?:r|re|ref|ref_\d{0,4})?$|^\[ref_\d{1,4}\](?:\((?:h|ht|htt|https?|https?:|https?:\/|https?:\/\/[^\s()]{0,400})?)?$/;

/**
 * The first reference at `from` or behind it, or where one may begin; null when there is neither.
 *
 * @param isWhole whether nothing follows on the text: then nothing is unclear.
 */
export function findReference(text: string, from: number, isWhole: boolean): FoundReference | null {
  for (let start = nextMark(text, from); start !== -1; start = nextMark(text, start + 1)) {
    const tail = isWhole ? null : text.slice(start, start + MAX_UNITS + 1);
    if (tail !== null && isUnclear(tail)) return { type: 'unclear', start };
    const found = referenceAt(text, start);
    if (found !== null) return found;
  }
  return null;
}

function referenceAt(text: string, start: number): FoundReference | null {
  for (const syntax of [REFERENCE, COUNTED]) {
    syntax.lastIndex = start;
    const [whole, one, other = ''] = syntax.exec(text) ?? [];
    if (whole !== undefined) {
      const end = start + whole.length;
      return { type: 'reference', start, end, ref: one ?? other, isDoubtful: syntax === COUNTED };
    }
  }
  return null;
}

/** No reference is longer, so that a text of many marks is not gone through for each. */
const MAX_UNITS = 550;

/** One search for both: two would go to the end of the text for each mark of the other kind. */
const MARK = /[【[]/g;

function nextMark(text: string, from: number): number {
  MARK.lastIndex = from;
  return MARK.exec(text)?.index ?? -1;
}

function isUnclear(tail: string): boolean {
  if (UNCLEAR_COUNTED.test(tail)) return true;
  return OPENINGS.some((opening) =>
    tail.startsWith(opening)
      ? UNCLEAR_REST[opening].test(tail.slice(opening.length))
      : opening.startsWith(tail),
  );
}
