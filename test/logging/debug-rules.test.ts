import { expect, test } from 'bun:test';
import { DebugRules } from '../../src/logging/debug-rules.ts';
import { TooManyLogRulesError } from '../../src/logging/log-rule-errors.ts';

const ANY = { clientKeyId: null, requestIdPrefix: null, prompts: false };
const MINUTE_MS = 60_000;

test('a request falls under the rules that fit it, with both fields only if both do', () => {
  const rules = new DebugRules();
  const ofClient = rules.add({ ...ANY, clientKeyId: 'key_1' }, MINUTE_MS);
  const ofRequest = rules.add({ ...ANY, requestIdPrefix: 'try-' }, MINUTE_MS);
  const ofBoth = rules.add({ ...ANY, clientKeyId: 'key_1', requestIdPrefix: 'try-' }, MINUTE_MS);
  expect([
    rules.matching('try-1', 'key_1'),
    rules.matching('req-1', 'key_1'),
    rules.matching('try-1', 'key_2'),
    rules.matching('try-1', null),
    rules.matching('a-try-', null),
  ]).toEqual([[ofClient, ofRequest, ofBoth], [ofClient], [ofRequest], [ofRequest], []]);
});

test('a rule ends by itself', () => {
  let nowMs = 0;
  const rules = new DebugRules(() => nowMs);
  const rule = rules.add({ ...ANY, requestIdPrefix: 'try-' }, MINUTE_MS);
  expect(rule.untilMs).toBe(MINUTE_MS);
  nowMs = MINUTE_MS - 1;
  expect(rules.list()).toEqual([rule]);
  nowMs = MINUTE_MS;
  expect([rules.list(), rules.matching('try-1', null)]).toEqual([[], []]);
});

test('a rule can be ended, once', () => {
  const rules = new DebugRules();
  const { id } = rules.add(ANY, MINUTE_MS);
  expect([rules.delete(id), rules.delete(id), rules.list()]).toEqual([true, false, []]);
});

test('there are twenty rules at most, of those in force', () => {
  let nowMs = 0;
  const rules = new DebugRules(() => nowMs);
  for (let rule = 0; rule < 20; rule += 1) rules.add(ANY, MINUTE_MS);
  expect(() => rules.add(ANY, MINUTE_MS)).toThrow(TooManyLogRulesError);
  nowMs = MINUTE_MS;
  rules.add(ANY, MINUTE_MS);
  expect(rules.list()).toHaveLength(1);
});
