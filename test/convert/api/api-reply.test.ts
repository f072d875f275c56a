import { describe, expect, test } from 'bun:test';
import type { ApiEvent, ApiUpdate } from '../../../src/convert/api/api-event.ts';
import { createApiReply } from '../../../src/convert/api/api-reply.ts';
import type { Part, TokenUsage } from '../../../src/convert/part.ts';
import type { UpstreamReplyOptions } from '../../../src/convert/upstream-reply.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../../src/upstream-failure.ts';
import { withTools } from '../../fixtures/replies/tool-rules.ts';
import { PLAIN_RULES } from '../../support/plain-rules.ts';

const update = (known: Partial<ApiUpdate>): ApiUpdate => {
  const nothing = { reasoning: '', text: '', toolCalls: [], pages: [], usage: null, ending: null };
  return { type: 'update', ...nothing, ...known };
};
const say = (text: string) => update({ text });
const think = (reasoning: string) => update({ reasoning });
const finish = (finishReason: 'stop' | 'length' | 'content_filter') =>
  update({ ending: { finishReason } });
const call = update({ toolCalls: [{ index: 0, id: 'a', name: 'f', arguments: '{}' }] });
const found = update({ pages: [{ ref: 'ref_1', index: 1, title: 'A', url: 'https://a.example' }] });
const USAGE: TokenUsage = {
  promptTokens: 1,
  completionTokens: 2,
  totalTokens: 3,
  reasoningTokens: null,
  cachedTokens: null,
};
const counted = update({ usage: USAGE });
const END: ApiEvent = { type: 'end' };
const failing = (kind: UpstreamFailureKind): ApiEvent => {
  return { type: 'failure', failure: upstreamFailure(kind, 'No.') };
};

const text = (words: string): Part => ({ type: 'text-delta', text: words });
const reasoning = (words: string): Part => ({ type: 'reasoning-delta', text: words });
const usage: Part = { type: 'usage', usage: USAGE, estimated: false };
const end = (finishReason: 'stop' | 'length' | 'content_filter' | 'tool_calls'): Part => {
  return { type: 'reply-end', finishReason };
};
const failed = (kind: UpstreamFailureKind) =>
  expect.objectContaining({ type: 'reply-error', failure: expect.objectContaining({ kind }) });

function run(events: readonly ApiEvent[], options: Partial<UpstreamReplyOptions> = {}) {
  const parts: Part[] = [];
  const onPart = (part: Part) => parts.push(part);
  const reply = createApiReply({ delivery: 'live', rules: PLAIN_RULES, onPart, ...options });
  for (const event of events) reply.accept(event);
  return { parts, reply };
}

describe('a reply ends', () => {
  test.each<[string, ApiEvent[], Part[]]>([
    ['with [DONE]', [say('Hi'), END], [text('Hi'), end('stop')]],
    ['with its reason', [say('Hi'), finish('length'), END], [text('Hi'), end('length')]],
    [
      'with usage right before, wherever it came',
      [counted, say('Hi'), finish('stop'), END],
      [text('Hi'), usage, end('stop')],
    ],
    [
      'with usage that comes behind the reason',
      [say('Hi'), finish('stop'), counted, END],
      [text('Hi'), usage, end('stop')],
    ],
    [
      'once, whatever follows',
      [say('Hi'), END, say('!'), END, failing('unavailable')],
      [text('Hi'), end('stop')],
    ],
    ['when it is only counted', [counted, END], [usage, end('stop')]],
    ['when it was blocked at once', [finish('content_filter'), END], [end('content_filter')]],
    [
      'when it is blocked amid its words',
      [say('Hi'), failing('content-filtered')],
      [text('Hi'), end('content_filter')],
    ],
  ])('%s', (_, events, expected) => {
    const { parts, reply } = run(events);
    reply.close();
    expect([parts, reply.ended]).toEqual([expected, true]);
  });

  test('when it closes behind its reason', () => {
    const { parts, reply } = run([say('Hi'), finish('stop')]);
    expect(reply.ended).toBe(false);
    reply.close();
    expect(parts).toEqual([text('Hi'), end('stop')]);
  });

  test.each<[UpstreamFailureKind]>([['broken-stream'], ['idle-timeout'], ['total-timeout']])(
    'when it is lost behind its reason: %s',
    (kind) => {
      const { parts, reply } = run([say('Hi'), finish('stop')]);
      reply.fail(upstreamFailure(kind, 'Lost.'));
      expect(parts).toEqual([text('Hi'), end('stop')]);
    },
  );

  test('as calls, when it has some and says stop', () => {
    const { parts } = run([call, finish('stop'), END], {
      rules: { ...PLAIN_RULES, ...withTools() },
    });
    expect(parts.at(-1)).toEqual(end('tool_calls'));
  });
});

describe('a reply fails', () => {
  test.each<[string, ApiEvent[], unknown[]]>([
    ['as broken when it closes amid its words', [say('Hi')], [text('Hi'), failed('broken-stream')]],
    ['as broken when it closes behind usage', [counted], [failed('broken-stream')]],
    ['as empty when nothing came', [END], [failed('empty-reply')]],
    ['as empty when it stops at once', [finish('stop'), END], [failed('empty-reply')]],
    [
      'as empty when only its prompt was counted',
      [update({ usage: { ...USAGE, completionTokens: 0 } }), END],
      [failed('empty-reply')],
    ],
    [
      'with an error behind its reason',
      [say('Hi'), finish('stop'), failing('unavailable')],
      [text('Hi'), failed('unavailable')],
    ],
    [
      'when it is blocked before its first word',
      [failing('content-filtered')],
      [failed('content-filtered')],
    ],
    [
      'without what was held back, so that another attempt can serve the request',
      [say(' <th'), failing('rate-limited')],
      [failed('rate-limited')],
    ],
  ])('%s', (_, events, expected) => {
    const { parts, reply } = run(events);
    reply.close();
    expect(parts).toEqual(expected as Part[]);
  });

  test('with the reason of a service that broke down, and keeps the usage beside it', () => {
    const failure = upstreamFailure('broken-stream', 'Down.');
    const { parts, reply } = run([update({ text: 'Hi', usage: USAGE, ending: { failure } }), END]);
    const error: Part = { type: 'reply-error', failure };
    expect([parts, reply.usage]).toEqual([[text('Hi'), error], USAGE]);
  });

  test('with what breaks it off from outside, once', () => {
    const { parts, reply } = run([say('Hi'), finish('stop')]);
    reply.fail(upstreamFailure('client-stalled', 'Slow.'));
    reply.fail(upstreamFailure('idle-timeout', 'Late.'));
    reply.close();
    expect(parts).toEqual([text('Hi'), failed('client-stalled')]);
  });

  test('telling how many of its frames made no sense', () => {
    const { parts, reply } = run([{ type: 'ignored' }, { type: 'ignored' }]);
    reply.close();
    expect(parts).toMatchObject([{ failure: { message: expect.stringContaining('2 of its') } }]);
  });
});

describe('the parts of a reply', () => {
  test.each(['live', 'final'] as const)('go on at once, also when delivery is %s', (delivery) => {
    const { parts } = run([think('Hm'), say('Hi'), say('!')], { delivery });
    expect(parts).toEqual([reasoning('Hm'), text('Hi'), text('!')]);
  });

  test('of one event are results, reasoning, text and calls, in this order', () => {
    const rules = { ...PLAIN_RULES, ...withTools(), search: true };
    const { pages } = found;
    const event = { ...call, pages, reasoning: 'Hm', text: 'Hi' };
    const { parts } = run([event], { rules });
    expect(parts.map(({ type }) => type)).toEqual([
      'search-results',
      'reasoning-delta',
      'text-delta',
      'tool-call-start',
      'tool-call-delta',
    ]);
  });

  test('lack calls and results that nobody asked for', () => {
    expect(run([found, call, say('Hi'), END]).parts).toEqual([text('Hi'), end('stop')]);
  });

  test('bring text that was held back before what comes next', () => {
    const { parts } = run([say('<'), think('Hm'), say('<think>'), END]);
    expect(parts).toEqual([text('<'), reasoning('Hm'), text('<think>'), end('stop')]);
  });

  test('never end between the halves of a character, unless the text does', () => {
    const { parts } = run([say('a\ud83c'), say('\udf0d'), say('\ud83c'), think('\ud83d'), END]);
    const lone = [text('\ud83c'), reasoning('\ud83d')];
    expect(parts).toEqual([text('a'), text('\ud83c\udf0d'), ...lone, end('stop')]);
  });

  test('are not changed by a service, so nothing is in conflict', () => {
    expect(run([say('Hi'), END]).reply.editConflicts).toBe(0);
  });
});
