/** A block of code in Markdown (CommonMark, 4.5), as it was opened. */
export interface Fence {
  mark: '`' | '~';
  /** How many marks opened it: as many close it. */
  marks: number;
  /** What is named behind the marks, in lower case; `''` when nothing is. */
  language: string;
  /** Its first line, from the first mark on, with its line break. */
  opening: string;
}

/** Languages that a call may be fenced in. */
const CALL_LANGUAGES = ['', 'json', 'xml', 'tool_call', 'tool_calls'];
/** A longer first line opens no such block, in UTF-16 units. */
const MAX_OPENING_UNITS = 64;
const OPENING = /^(`{3,}|~{3,})[ \t]*(\w*)[ \t\r]*$/;
const MARKS = /^(?:`+|~+)$/;

/** Whether the first line of a block that may hold a call can begin like this. */
export function mayOpenCallFence(beginning: string): boolean {
  if (beginning.length > MAX_OPENING_UNITS) return false;
  const language = OPENING.exec(beginning)?.[2]?.toLowerCase();
  if (language === undefined) return MARKS.test(beginning);
  return CALL_LANGUAGES.some((name) => name.startsWith(language));
}

/** The block that a line opens; null when it opens none that may hold a call. */
export function openedCallFence(line: string): Fence | null {
  const [, marks, name] = OPENING.exec(line.trimEnd()) ?? [];
  if (marks === undefined || name === undefined) return null;
  const language = name.toLowerCase();
  if (!CALL_LANGUAGES.includes(language)) return null;
  return { mark: marks.startsWith('`') ? '`' : '~', marks: marks.length, language, opening: line };
}

/** Whether a line, without its line break, closes a fence. Indented as lists are, it does too. */
export function isFenceEnd(line: string, { mark, marks }: Pick<Fence, 'mark' | 'marks'>): boolean {
  const found = line.trim();
  return found.length >= marks && found.replaceAll(mark, '') === '';
}
