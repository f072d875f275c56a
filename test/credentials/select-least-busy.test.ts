import { expect, test } from 'bun:test';
import { selectLeastBusy } from '../../src/credentials/select-least-busy.ts';

const select = (loads: Record<string, number>, turns?: Record<string, number>) =>
  selectLeastBusy(
    Object.keys(loads),
    (name) => loads[name] ?? 0,
    turns && ((name) => turns[name] ?? 0),
  );

test('the lowest load wins, whoever has the turn', () => {
  expect(select({ a: 2, b: 1, c: 3 }, { a: 1, b: 9, c: 2 })).toBe('b');
});

test('among equals the lowest turn wins', () => {
  expect(select({ a: 1, b: 1, c: 1, d: 5 }, { a: 7, b: 3, c: 4, d: 0 })).toBe('b');
});

test('among equals in everything the first wins', () => {
  expect([
    select({ a: 5, b: 1, c: 1 }),
    select({ a: 5, b: 1, c: 1 }, { a: 2, b: 2, c: 2 }),
  ]).toEqual(['b', 'b']);
});

test('of none, none is selected', () => {
  expect(select({})).toBeNull();
});
