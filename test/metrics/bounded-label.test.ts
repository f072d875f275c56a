import { expect, test } from 'bun:test';
import { createBoundedLabel } from '../../src/metrics/bounded-label.ts';

test('values beyond the limit are other, those within keep their names', () => {
  const label = createBoundedLabel(2);
  expect(['a', 'b', 'c', 'a', 'd', 'b'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other', 'b']);
});
