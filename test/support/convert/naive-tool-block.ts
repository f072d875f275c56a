const CLOSE = '</glm_block>';

/** Where the JSON of a tool block is closed, as far as its text tells. */
export type BlockClose =
  | { is: 'closed'; behind: number }
  /** The tag may be part of a string. If no more text comes, it is not. */
  | { is: 'doubtful'; behind: number }
  | { is: 'open' };

/** Reads a block from its first bracket on, with all text behind it. */
export function closeOfToolBlock(json: string): BlockClose {
  for (let at = 0; at < json.length; ) {
    if (json.startsWith(CLOSE, at)) return { is: 'closed', behind: at + CLOSE.length };
    if (json[at] !== '"') {
      at += 1;
      continue;
    }
    const string = readString(json, at);
    if (typeof string !== 'number') return string;
    at = string;
  }
  return { is: 'open' };
}

/** Where the string that begins at `from` ends; a close when there is none, or nothing tells. */
function readString(json: string, from: number): number | BlockClose {
  const upToTag = /^"(?:\\[\s\S]|(?!<\/glm_block>)[^"\\])*/.exec(json.slice(from))?.[0] ?? '';
  const at = from + upToTag.length;
  if (json[at] === '"') return at + 1;
  if (!json.startsWith(CLOSE, at)) return { is: 'open' };
  const behind = at + CLOSE.length;
  const rest = json.slice(behind);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no string of JSON may have in it
  const content = /^(?:\\[\s\S]|[^"\\\x00-\x1f])*/.exec(rest)?.[0] ?? '';
  const [quote, next] = /^(")?\s*([\s\S]?)/.exec(rest.slice(content.length))?.slice(1) ?? [];
  if (quote !== undefined && next !== undefined && ',:]}'.includes(next)) {
    return next === ''
      ? { is: 'doubtful', behind }
      : json.indexOf(next, behind + content.length + 1);
  }
  const mayGoOn = quote === undefined && ['', '\\'].includes(rest.slice(content.length));
  return { is: mayGoOn ? 'doubtful' : 'closed', behind };
}
