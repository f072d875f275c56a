/** Text that `JSON.stringify` writes as it is (https://tc39.es/proposal-json-parse-with-source). */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * Parses a JSON object so that writing it anew keeps every number as it was written:
 * 12345678901234567890 and 1.0 stay themselves. null when the text is anything but an object.
 *
 * Numbers come out as objects that only `JSON.stringify` can read.
 */
export function parseExactObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.parse(text, keepNumber) as Record<string, unknown>;
  } catch {
    return null; // cut off, or never JSON: the answer says so
  }
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? rawJSON(context?.source ?? String(value)) : value;
}
