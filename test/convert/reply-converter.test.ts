import { heapStats } from 'bun:jsc';
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createReplyConverter, type ReplyFormat } from '../../src/convert/reply-converter.ts';
import type { ReplyRules } from '../../src/convert/reply-rules.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { PLAIN_RULES } from '../support/plain-rules.ts';

const FORMAT = {
  completionId: 'chatcmpl-1',
  created: 1_764_000_000,
  model: 'GLM-4.6',
  includeUsage: true,
  callForm: 'tool_calls',
} as const;
const LIMITS = { maxFrameBytes: 64 * 1024 };

const bytesOf = (text: string) => new TextEncoder().encode(text);
const frame = (data: object) => `data: ${JSON.stringify({ type: 'chat:completion', data })}\n\n`;
const say = (phase: string, delta_content: string) => frame({ phase, delta_content });

const DONE = frame({ phase: 'done', done: true });
const USAGE = {
  promptTokens: 5,
  completionTokens: 7,
  totalTokens: 12,
  reasoningTokens: null,
  cachedTokens: null,
};
const REPLY = [
  say('thinking', '<details type="reasoning" done="false">\n<summary>Thinking…</summary>\n> 让我 '),
  say('thinking', 'see 🤔.\n> So.'),
  frame({
    phase: 'answer',
    edit_index: 0,
    edit_content:
      '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> 让我 see 🤔.\n> So.\n</details>\n你好',
  }),
  say('answer', ', wor'),
  say('answer', 'ld 🌍'),
  frame({ phase: 'other', usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } }),
  DONE,
].join('');

function converter(
  shape: ReplyFormat['shape'] = 'stream',
  limits = LIMITS,
  rules: Partial<ReplyRules> = {},
) {
  return createReplyConverter(
    'zai-web',
    { ...FORMAT, shape },
    { ...PLAIN_RULES, ...rules },
    limits,
    () => 'Hi.',
  );
}

function convert(shape: ReplyFormat['shape'], pieces: readonly Uint8Array[]) {
  const reply = converter(shape);
  const output = pieces.map((piece) => reply.feed(piece)).join('') + reply.end();
  return { output, outcome: reply.outcome };
}

/** The texts that a client puts together from a stream, and what else it saw of it. */
function readStream(output: string) {
  const frames = output.split('\n\n').filter((text) => text !== '');
  const chunks = frames.slice(0, -1).map((text) => JSON.parse(text.slice('data: '.length)));
  const deltas = chunks.flatMap((chunk) =>
    chunk.choices.map((choice: { delta: object }) => choice.delta),
  );
  return {
    reasoning: deltas.map((delta) => delta.reasoning_content ?? '').join(''),
    content: deltas.map((delta) => delta.content ?? '').join(''),
    roles: deltas.flatMap((delta) => delta.role ?? []),
    last: frames.at(-1),
    usage: chunks.at(-1)?.usage,
  };
}

const COMPLETED = {
  state: 'completed',
  finishReason: 'stop',
  usage: USAGE,
  usageEstimated: false,
  editConflicts: 0,
} as const;
const TEXTS = { reasoning: '让我 see 🤔.\nSo.', content: '你好, world 🌍' };

test('a credential that an upstream repeats in an error is not quoted', () => {
  const limits = { ...LIMITS, secret: 'my-own-key-abc' };
  const format = { ...FORMAT, shape: 'stream' } as const;
  const converter = createReplyConverter('zai-api', format, PLAIN_RULES, limits, () => '');
  const words = '{"choices":[{"index":0,"delta":{"content":"Hi"}}]}';
  const error = '{"error":{"code":"500","message":"no luck with my-own-key-abc"}}';
  const text = converter.feed(new TextEncoder().encode(`data: ${words}\n\ndata: ${error}\n\n`));
  const { outcome } = converter;
  expect([text, JSON.stringify(outcome)].map((shown) => shown.includes('my-own-key'))).toEqual([
    false,
    false,
  ]);
  expect([outcome?.state, text.includes('[credential]')]).toEqual(['failed', true]);
});

describe('a reply converter', () => {
  test('turns a stream into chunks', () => {
    const { output, outcome } = convert('stream', [bytesOf(REPLY)]);
    expect([readStream(output), outcome]).toEqual([
      {
        ...TEXTS,
        roles: ['assistant'],
        last: 'data: [DONE]',
        usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
      },
      COMPLETED,
    ]);
  });

  test('turns a stream into one completion', () => {
    const { output, outcome } = convert('whole', [bytesOf(REPLY)]);
    expect([JSON.parse(output).choices[0].message, outcome]).toEqual([
      {
        role: 'assistant',
        content: TEXTS.content,
        reasoning_content: TEXTS.reasoning,
        refusal: null,
      },
      COMPLETED,
    ]);
  });

  test('gives the same however the bytes are cut, and whatever ends the lines', () => {
    const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
    fc.assert(
      fc.property(lineEnd, fc.array(fc.nat(5000), { maxLength: 30 }), (end, cuts) => {
        const bytes = bytesOf(REPLY.replaceAll('\n\n', end + end));
        const edges = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort(
          (a, b) => a - b,
        );
        const pieces = edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge));
        expect(convert('stream', pieces)).toEqual(convert('stream', [bytesOf(REPLY)]));
        expect(convert('whole', pieces)).toEqual(convert('whole', [bytesOf(REPLY)]));
      }),
    );
  });

  test('puts text out as soon as its frame is there', () => {
    const reply = converter();
    const outputs = ['a', 'b'].map((word) => reply.feed(bytesOf(say('answer', word))));
    expect(outputs.map((output) => /"content":"([ab])"/.exec(output)?.[1])).toEqual(['a', 'b']);
  });

  test('starts with the first text it puts out, and settles with the end', () => {
    const reply = converter();
    const pieces = [
      ': hi\n\n',
      frame({ phase: 'thinking' }),
      say('answer', 'a'),
      DONE,
      say('answer', 'b'),
    ];
    const seen = pieces.map((piece) => {
      const isText = reply.feed(bytesOf(piece)) !== '';
      return [isText, reply.started, reply.outcome?.state ?? null];
    });
    expect(seen).toEqual([
      [false, false, null],
      [false, false, null],
      [true, true, null],
      [true, true, 'completed'],
      [false, true, 'completed'],
    ]);
  });

  test('passes over frames that are no JSON, events and fields that it does not know', () => {
    const noise =
      'event: odd\nid: 1\ndata: <html>\n\n: ping\n\ndata: {"type":"chat:title","data":1}\n\n';
    const { output } = convert('stream', [bytesOf(noise + say('answer', 'a') + noise + DONE)]);
    expect(readStream(output)).toMatchObject({ content: 'a', last: 'data: [DONE]' });
  });

  test('reads a last frame that has no blank line', () => {
    expect(convert('stream', [bytesOf(say('answer', 'a') + DONE.trimEnd())]).outcome?.state).toBe(
      'completed',
    );
  });

  test('counts edits of what a client of a stream had, and gives a whole reply its final text', () => {
    const edit = frame({ phase: 'answer', edit_index: 1, edit_content: 'x' });
    const pieces = [bytesOf(say('answer', 'abc') + edit + DONE)];
    const [stream, whole] = [convert('stream', pieces), convert('whole', pieces)];
    expect({
      sent: readStream(stream.output).content,
      final: JSON.parse(whole.output).choices[0].message.content,
      conflicts: [stream.outcome?.editConflicts, whole.outcome?.editConflicts],
    }).toEqual({ sent: 'abcx', final: 'ax', conflicts: [1, 0] });
  });
});

describe('the rules of a reply', () => {
  const results = [{ title: 'A', url: 'https://a.example/', index: 1, ref_id: 'turn0search1' }];
  const FOUND = frame({ phase: 'tool_call', results });
  const link = '[[1]](https://a.example/)';

  /** The message of a whole reply, and what became of it. */
  function follow(rules: Partial<ReplyRules>, ...frames: string[]) {
    const reply = converter('whole', LIMITS, rules);
    const output = reply.feed(bytesOf(frames.join(''))) + reply.end();
    const choice = output === '' ? null : JSON.parse(output).choices[0];
    return { content: choice?.message.content, message: choice?.message, outcome: reply.outcome };
  }

  test('put reasoning into the text behind all that looks at the text alone', () => {
    const { content } = follow(
      { thinking: 'think', stop: ['END'] },
      say('thinking', 'The END?'),
      say('answer', 'Yes. END of it.'),
      DONE,
    );
    expect(content).toBe('<think>The END?</think>Yes. ');
  });

  test.each(['reasoning', 'think', 'details'] as const)(
    'cite the text that the client gets, in mode %s',
    (thinking) => {
      const { message } = follow(
        { thinking, search: true },
        FOUND,
        say('thinking', 'Hm.'),
        say('answer', 'So【turn0search1】.'),
        DONE,
      );
      const [{ url_citation: cited }] = message.annotations;
      expect(message.content.slice(cited.start_index, cited.end_index)).toBe(link);
    },
  );

  test('take references out of JSON', () => {
    const { content } = follow(
      { json: { schema: null }, search: true },
      FOUND,
      say('answer', '{"a":"x【turn0search1】"}'),
      DONE,
    );
    expect(content).toBe('{"a":"x"}');
  });

  test('find calls in text, beside the upstream’s own', () => {
    const tool = { name: 'add', description: null, parameters: null };
    const tools = { tools: [tool], choice: 'auto', parallel: true, scanLimit: 1000 } as const;
    const own = frame({
      phase: 'tool_call',
      tool_calls: [{ id: 'c1', function: { name: 'add' } }],
    });
    const { message, outcome } = follow(
      { tools },
      own,
      say('answer', '<tool_call>{"name":"add","arguments":{"a":1}}</tool_call>'),
      DONE,
    );
    expect([message.content, message.tool_calls, outcome]).toMatchObject([
      null,
      [{ id: 'c1', function: { arguments: '{}' } }, { function: { arguments: '{"a":1}' } }],
      { finishReason: 'tool_calls' },
    ]);
  });

  test('may end a reply before the upstream does', () => {
    const reply = converter('stream', LIMITS, { stop: ['END'] });
    const output = reply.feed(bytesOf(say('answer', 'Hi END') + say('answer', 'more') + DONE));
    expect([
      readStream(output).content,
      reply.end(),
      reply.fail(upstreamFailure('idle-timeout', 'Late.')),
      reply.outcome,
    ]).toMatchObject(['Hi ', '', '', { state: 'completed', finishReason: 'stop' }]);
  });
});

describe('usage that the upstream leaves out', () => {
  const tokens = (reply: ReturnType<typeof converter>) => {
    reply.feed(bytesOf(say('answer', 'Hi there.') + DONE));
    const { outcome } = reply;
    return outcome?.state === 'completed' ? [outcome.usage !== null, outcome.usageEstimated] : null;
  };

  test('is estimated where the client sees it, and only there', () => {
    const format = { ...FORMAT, shape: 'stream', includeUsage: false } as const;
    const unasked = createReplyConverter('zai-web', format, PLAIN_RULES, LIMITS, () => 'Hi.');
    expect([tokens(converter('stream')), tokens(converter('whole')), tokens(unasked)]).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
  });
});

describe('a failing reply', () => {
  const captcha = frame({ error: { code: 'FRONTEND_CAPTCHA_REQUIRED', detail: 'Verify.' } });

  test.each([
    ['an error in its first frame', 'stream', captcha, 'verification-required'],
    ['an end without content', 'stream', DONE, 'empty-reply'],
    ['no bytes at all', 'stream', '', 'broken-stream'],
    ['an HTML page', 'stream', '<html>\n\n</html>', 'broken-stream'],
    [
      'an error after its first words, when whole',
      'whole',
      say('answer', 'a') + captcha,
      'verification-required',
    ],
    ['a break, when whole', 'whole', say('answer', 'a'), 'broken-stream'],
  ] as const)('puts nothing out after %s', (_, shape, input, kind) => {
    const reply = converter(shape);
    const output = reply.feed(bytesOf(input)) + reply.end();
    expect({ output, started: reply.started, outcome: reply.outcome }).toMatchObject({
      output: '',
      started: false,
      outcome: { state: 'failed', failure: { kind }, editConflicts: 0 },
    });
  });

  test('puts an error frame out after its first words, and nothing behind it', () => {
    const reply = converter();
    reply.feed(bytesOf(say('answer', 'a')));
    const output = reply.feed(bytesOf(captcha + say('answer', 'b') + DONE)) + reply.end();
    expect(output).toMatch(
      /^data: \{"error":\{[^\n]+"code":"upstream_verification_required"\}\}\n\n$/,
    );
  });

  test('is broken off from outside, once, and keeps its first outcome', () => {
    const reply = converter();
    reply.feed(bytesOf(say('answer', 'a')));
    const outputs = ['Late.', 'Lost.'].map((text) =>
      reply.fail(upstreamFailure('idle-timeout', text)),
    );
    expect([outputs[0] !== '', outputs[1], reply.end(), reply.outcome]).toEqual([
      true,
      '',
      '',
      {
        state: 'failed',
        failure: upstreamFailure('idle-timeout', 'Late.'),
        usage: null,
        editConflicts: 0,
      },
    ]);
  });

  test('that is done is not failed by what comes later', () => {
    const reply = converter();
    reply.feed(bytesOf(REPLY));
    expect([reply.fail(upstreamFailure('idle-timeout', 'Late.')), reply.outcome]).toEqual([
      '',
      COMPLETED,
    ]);
  });

  test('has the usage that came before', () => {
    const usage = frame({ usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } });
    const { outcome } = convert('stream', [bytesOf(usage + say('answer', 'a'))]);
    expect(outcome).toMatchObject({ state: 'failed', usage: USAGE });
  });

  test('with a frame beyond the limit says so, and takes nothing more', () => {
    const reply = converter('stream', { maxFrameBytes: 1000 });
    const output =
      reply.feed(bytesOf(say('answer', 'x'.repeat(2000)) + say('answer', 'a'))) + reply.end();
    expect([output, reply.outcome]).toMatchObject([
      '',
      { state: 'failed', failure: { kind: 'frame-too-large' } },
    ]);
  });
});

describe('the memory of a reply converter', () => {
  function heapBytes(): number {
    Bun.gc(true);
    return heapStats().heapSize;
  }

  test('is a small multiple of its text, in however many deltas that came', () => {
    const replies = Array.from({ length: 40 }, () => converter());
    const before = heapBytes();
    for (let i = 0; i < 2000; i++) {
      const bytes = bytesOf(say('answer', `word ${i % 10}`));
      for (const reply of replies) reply.feed(bytes);
    }
    const bytesEach = (heapBytes() - before) / replies.length;
    // 12 kB of text. A text that keeps its deltas apart takes 200 kB.
    expect(bytesEach).toBeLessThan(90 * 1024);
    expect(replies.every((reply) => reply.outcome === null)).toBe(true);
  });
});
