import { describe, expect, test } from 'bun:test';
import type { Part } from '../../../src/convert/part.ts';
import { createSentReply } from '../../../src/convert/revisable/sent-reply.ts';

const text = (words: string): Part => ({ type: 'text-delta', text: words });
const reasoning = (words: string): Part => ({ type: 'reasoning-delta', text: words });
const start = (index: number, id: string, name: string): Part => {
  return { type: 'tool-call-start', index, id, name };
};
const args = (index: number, words: string): Part => {
  return { type: 'tool-call-delta', index, arguments: words };
};
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const CALLS: Part = { type: 'reply-end', finishReason: 'tool_calls' };
const BROKEN = expect.objectContaining({
  type: 'reply-error',
  failure: expect.objectContaining({ kind: 'broken-stream' }),
}) as unknown as Part;

/** What each telling of a reply sends, and how often what was sent was changed. */
function run(...tellings: readonly (readonly Part[])[]) {
  const sent: Part[] = [];
  const reply = createSentReply((part) => sent.push(part));
  const news = tellings.map((parts, i) => {
    if (i > 0) reply.restart();
    for (const part of parts) reply.take(part);
    return sent.splice(0);
  });
  return { news, conflicts: reply.conflicts };
}

describe('a reply that is told once', () => {
  test('is sent as it comes', () => {
    const parts = [
      reasoning('Hm.'),
      text('Hi'),
      start(0, 'c1', 'add'),
      start(1, 'c2', 'now'),
      args(0, '{'),
      args(1, '{}'),
      args(0, '}'),
      text(' you'),
      CALLS,
    ];
    expect(run(parts)).toEqual({ news: [parts], conflicts: 0 });
  });

  test('ends once', () => {
    expect(run([text('a'), STOP, text('b'), STOP]).news).toEqual([[text('a'), STOP]]);
  });
});

describe('a reply that is told again', () => {
  test('sends what is new in it', () => {
    const results: Part = { type: 'search-results', results: [] };
    const first = [reasoning('Hm.'), results, text('Hi'), start(0, 'c1', 'add'), args(0, '{"a":')];
    const again = [...first, args(0, '1}'), text(' you'), CALLS];
    expect(run(first, again)).toEqual({
      news: [first, [args(0, '1}'), text(' you'), CALLS]],
      conflicts: 0,
    });
  });

  test('may be shorter for a while', () => {
    expect(run([text('Hello you')], [text('Hello')], [text('Hello you!'), STOP])).toEqual({
      news: [[text('Hello you')], [], [text('!'), STOP]],
      conflicts: 0,
    });
  });

  test('in other words sends what follows the common prefix, and is a conflict', () => {
    expect(run([text('The quick fox')], [text('The quiet cat'), STOP])).toEqual({
      news: [[text('The quick fox')], [text('et cat'), STOP]],
      conflicts: 1,
    });
  });

  test('in another order is a conflict when it is over', () => {
    const call = [start(0, 'c1', 'add'), args(0, '{}')];
    expect(run([...call, text('a')], [text('a'), ...call, CALLS])).toEqual({
      news: [[...call, text('a')], [CALLS]],
      conflicts: 1,
    });
  });

  test('may tell its calls with other indexes', () => {
    const [one, two] = [start(0, 'c1', 'add'), start(1, 'c2', 'add')];
    expect(run([one, two], [start(0, 'c2', 'add'), start(1, 'c1', 'add'), args(0, '{}')])).toEqual({
      news: [[one, two], [args(1, '{}')]],
      conflicts: 0,
    });
  });

  test('gives a call of another function with the same id an id of its own', () => {
    const [first, second] = run([start(0, 'c1', 'add')], [start(0, 'c1', 'now')]).news;
    expect([first, second]).toEqual([
      [start(0, 'c1', 'add')],
      [{ ...start(1, '', 'now'), id: expect.stringMatching(/^call_\w{20,}$/) }],
    ] as Part[][]);
  });
});

describe('a call that the client has a part of', () => {
  const call = start(0, 'c1', 'add');

  test('fails the reply as soon as its arguments are others', () => {
    expect(run([call, args(0, '{"a":1')], [call, args(0, '{"a":2}'), text('b'), CALLS])).toEqual({
      news: [[call, args(0, '{"a":1')], [BROKEN]],
      conflicts: 1,
    });
  });

  test('fails the reply at its end when its arguments are shorter', () => {
    const whole = [call, args(0, '{"a":1}')];
    expect(run(whole, [call, args(0, '{"a"'), CALLS])).toEqual({
      news: [whole, [BROKEN]],
      conflicts: 1,
    });
  });

  test('fails the reply at its end when it is gone', () => {
    const part = [call, args(0, '{"a":1')];
    expect(run(part, [text('b'), STOP])).toEqual({
      news: [part, [text('b'), BROKEN]],
      conflicts: 1,
    });
  });

  test('stands when it is gone but whole, and has to be answered', () => {
    const whole = [call, args(0, '{"a":1}')];
    expect(run(whole, [text('b'), STOP])).toEqual({
      news: [whole, [text('b'), CALLS]],
      conflicts: 1,
    });
  });
});
