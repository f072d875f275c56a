/** Tags that the web chat puts into its message text. Opening ones go on with attributes. */
export const TAG = {
  blockOpen: '<details',
  blockClose: '</details>',
  summaryOpen: '<summary',
  summaryClose: '</summary>',
  toolOpen: '<glm_block',
  toolClose: '</glm_block>',
} as const;

/** Whether something stands in a text; `unclear` when the text ends while it still may. */
export type Match = 'yes' | 'no' | 'unclear';

/** Whether `literal` stands at `at`. */
export function matchAt(text: string, at: number, literal: string): Match {
  if (text.startsWith(literal, at)) return 'yes';
  return literal.startsWith(text.slice(at)) ? 'unclear' : 'no';
}

/** How many units at the end of `text`, from `from` on, may be the beginning of `literal`. */
export function unclearTail(text: string, from: number, literal: string): number {
  const most = Math.min(literal.length - 1, text.length - from);
  for (let units = most; units > 0; units--) {
    if (literal.startsWith(text.slice(text.length - units))) return units;
  }
  return 0;
}

/** An opening tag longer than this, in UTF-16 units, is text: nothing is held back for longer. */
const MAX_TAG_UNITS = 512;
/** The tag of a tool block, as far as it has come, and the white space behind it. */
const TOOL_HEAD = /<glm_block[^<>]*(>\s*)?/y;
const REASONING_BLOCK = /^<details\s(?:.*\s)?type\s*=\s*(["']?)reasoning\1[\s/>]/is;

/**
 * Where the opening tag of a reasoning block that begins at `at` ends; its attributes come in any
 * order. Other `<details>` are `no`: they are the reply's own.
 */
export function reasoningTagEnd(text: string, at: number): number | 'no' | 'unclear' {
  const name = matchAt(text, at, TAG.blockOpen);
  if (name !== 'yes') return name;
  const end = tagEnd(text, at);
  if (end === -1) return text.length - at > MAX_TAG_UNITS ? 'no' : 'unclear';
  const isTag = text[end] === '>' && end - at <= MAX_TAG_UNITS;
  return isTag && REASONING_BLOCK.test(text.slice(at, end + 1)) ? end + 1 : 'no';
}

/**
 * Where the JSON of a tool block begins whose tag begins at `at`. What the tag encloses is an object:
 * where anything else follows, the reply only speaks of the tag.
 */
export function toolBlockStart(text: string, at: number): number | 'no' | 'unclear' {
  const name = matchAt(text, at, TAG.toolOpen);
  if (name !== 'yes') return name;
  TOOL_HEAD.lastIndex = at;
  const [head, close] = TOOL_HEAD.exec(text) ?? [''];
  if (head.length > MAX_TAG_UNITS) return 'no';
  const end = at + head.length;
  if (end === text.length) return 'unclear';
  return close !== undefined && text[end] === '{' ? end : 'no';
}

/** The first `>` after `at`, or the `<` that says there will be none; -1 when neither has come. */
function tagEnd(text: string, at: number): number {
  const close = text.indexOf('>', at);
  const open = text.indexOf('<', at + 1);
  return open !== -1 && (close === -1 || open < close) ? open : close;
}
