import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';

/** A web page as the service's search names it. What it leaves out is null. */
export interface FoundPage {
  ref: string | null;
  /** The service's number for it. */
  index: number | null;
  title: string | null;
  url: string;
}

/** Lists deeper in a value than this are not looked for: a parsed frame may be nested as it likes. */
const MAX_DEPTH = 6;

/** `[ref_id=turn0search3†Title†https://…]`, which heads each result in a search tool's text. */
const RESULT_HEAD = /\[ref_id=(\w+)†([^†\]]*)†(https?:\/\/[^\]\s]+)\]/g;

const COUNTED_REF = /^ref_(\d{1,4})$/;

/**
 * The pages of a list of them: objects like `{title, url, index, ref_id}`, also in the words of the
 * web UI that the service is built on (`{source: {name, url}}`) and in those of the official API
 * (`{title, link, refer}`), or bare addresses.
 */
export function pagesInList(list: unknown): FoundPage[] {
  return Array.isArray(list) ? list.flatMap(readPage) : [];
}

/** The pages of every `search_result` list inside a value. */
export function pagesWithin(value: unknown, depth = MAX_DEPTH): FoundPage[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'search_result' ? pagesInList(inner) : pagesWithin(inner, depth - 1),
  );
}

/** The pages in a tool's result: JSON with lists of them, or text with a head for each. */
export function pagesInText(text: string): FoundPage[] {
  const parsed = parseJson(text);
  if (parsed !== undefined) return [...pagesInList(parsed), ...pagesWithin(parsed)];
  return [...text.matchAll(RESULT_HEAD)].map(([, ref = '', title = '', url = '']) => {
    return { ref, index: null, title: title === '' ? null : title, url };
  });
}

function readPage(item: unknown): FoundPage[] {
  if (typeof item === 'string') return isWebAddress(item) ? [page(item)] : [];
  if (!isRecord(item)) return [];
  const source = isRecord(item.source) ? item.source : {};
  const url = [item.url, item.link, source.url].find(isWebAddress);
  if (url === undefined) return [];
  const title = [item.title, item.name, source.name].find(isFilled) ?? null;
  const ref = [item.ref_id, item.refer].find(isFilled) ?? null;
  return [{ ref, index: indexOf(item.index, ref), title, url }];
}

/** A ref like `ref_3` has the number in it. */
function indexOf(index: unknown, ref: string | null): number | null {
  if (Number.isSafeInteger(index)) return index as number;
  const [, digits] = COUNTED_REF.exec(ref ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

function page(url: string): FoundPage {
  return { ref: null, index: null, title: null, url };
}

/** Anything else would not be a link one may follow: `javascript:`, a path of the service's own. */
function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value);
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
