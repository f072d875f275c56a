/** What stands for all values beyond the limit. */
const OTHER = 'other';

/**
 * Lets the first `limit` values through as they are; all that come later are `other`. So a label
 * whose values come from outside makes a bounded number of time series.
 */
export function createBoundedLabel(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= limit) return OTHER;
    known.add(value);
    return value;
  };
}
