/** What a cell can hold; null is an empty one. */
export type CsvValue = string | number | boolean | null;

/** The content type of a table. */
export const CSV_TYPE = 'text/csv; charset=utf-8';

/** A spreadsheet takes what begins so for a formula, and would run what a client has sent. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/** One line of a table (RFC 4180). Text that a spreadsheet would take for a formula gets a `'`. */
export function toCsvLine(values: readonly CsvValue[]): string {
  return `${values.map(toCell).join(',')}\r\n`;
}

function toCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
