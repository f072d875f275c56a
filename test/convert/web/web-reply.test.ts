import { describe, expect, test } from 'bun:test';
import type { Part, TokenUsage } from '../../../src/convert/part.ts';
import type { UpstreamReplyOptions } from '../../../src/convert/upstream-reply.ts';
import type { WebEvent } from '../../../src/convert/web/web-event.ts';
import { createWebReply } from '../../../src/convert/web/web-reply.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';

type Update = Extract<WebEvent, { type: 'update' }>;

const update = (known: Partial<Update>): Update => {
  return {
    type: 'update',
    phase: null,
    deltaContent: '',
    edit: null,
    usage: null,
    toolCalls: [],
    pages: [],
    finishReason: null,
    done: false,
    ...known,
  };
};
const say = (phase: string | null, deltaContent: string) => update({ phase, deltaContent });
const count = (totalTokens: number): TokenUsage => {
  return {
    promptTokens: null,
    completionTokens: null,
    totalTokens,
    reasoningTokens: null,
    cachedTokens: null,
  };
};
const counted = (totalTokens: number) => update({ phase: 'other', usage: count(totalTokens) });
const RULES = { thinking: 'reasoning', tools: null, search: false } as const;
const DONE = update({ phase: 'done', done: true });
const END: WebEvent = { type: 'end' };
const BUSY = upstreamFailure('rate-limited', 'Busy.');
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const text = (words: string): Part => ({ type: 'text-delta', text: words });
const reasoning = (words: string): Part => ({ type: 'reasoning-delta', text: words });

function run(
  events: readonly WebEvent[],
  delivery: 'live' | 'final' = 'live',
  rules: UpstreamReplyOptions['rules'] = RULES,
) {
  const parts: Part[] = [];
  const reply = createWebReply({ delivery, rules, onPart: (part) => parts.push(part) });
  for (const event of events) reply.accept(event);
  return { parts, reply };
}

const partsOf = (...events: WebEvent[]) => run(events).parts;

function partsWhenClosedAfter(...events: WebEvent[]) {
  const { parts, reply } = run(events);
  reply.close();
  return parts;
}

describe('a reply ends properly', () => {
  test.each([
    ['with its done frame', [say('answer', 'Hi'), DONE]],
    ['with [DONE]', [say('answer', 'Hi'), END]],
    [
      'once, whatever follows its end',
      [say('answer', 'Hi'), DONE, END, say('answer', '!'), { type: 'failure', failure: BUSY }],
    ],
  ] as [string, WebEvent[]][])('%s', (_, events) => {
    expect(partsWhenClosedAfter(...events)).toEqual([text('Hi'), STOP]);
  });

  test('when it closes right after usage', () => {
    expect(partsWhenClosedAfter(say('answer', 'Hi'), counted(3))).toEqual([
      text('Hi'),
      { type: 'usage', usage: count(3), estimated: false },
      STOP,
    ]);
  });

  test('with the last of its usages, right before the end', () => {
    expect(partsOf(counted(1), say('answer', 'Hi'), counted(2), say(null, '!'), DONE)).toEqual([
      text('Hi'),
      text('!'),
      { type: 'usage', usage: count(2), estimated: false },
      STOP,
    ]);
  });

  test('with usage and no words', () => {
    expect(partsOf(counted(3), DONE)).toEqual([
      { type: 'usage', usage: count(3), estimated: false },
      STOP,
    ]);
  });

  test('with what was held back', () => {
    expect(partsOf(say('answer', 'a <'), DONE)).toEqual([text('a '), text('<'), STOP]);
  });
});

describe('a reply fails', () => {
  const failedWith = (kind: string) =>
    expect.objectContaining({ type: 'reply-error', failure: expect.objectContaining({ kind }) });

  test('as empty when it ends with neither words nor usage', () => {
    expect(partsOf(say('tool_call', '{"a":1}'), DONE)).toEqual([failedWith('empty-reply')]);
  });

  test('as broken when it closes amid its words', () => {
    expect(partsWhenClosedAfter(say('answer', 'Hi'))).toEqual([
      text('Hi'),
      failedWith('broken-stream'),
    ]);
  });

  test('as broken when it closes amid its words, with usage before them', () => {
    expect(partsWhenClosedAfter(counted(1), say('answer', 'Hi'))).toEqual([
      text('Hi'),
      failedWith('broken-stream'),
    ]);
  });

  test('as broken when it closes without a word, and says how much was not understood', () => {
    const parts = partsWhenClosedAfter({ type: 'ignored' }, { type: 'ignored' });
    expect(parts).toMatchObject([
      { failure: { kind: 'broken-stream', message: expect.stringContaining('(2 of its frames') } },
    ]);
  });

  test('with the error the service sends, at any time', () => {
    const failure: WebEvent = { type: 'failure', failure: BUSY };
    const error: Part = { type: 'reply-error', failure: BUSY };
    expect([
      partsOf(failure, say('answer', 'Hi')),
      partsOf(say('answer', 'Hi'), failure, DONE),
      partsOf(counted(3), failure),
    ]).toEqual([[error], [text('Hi'), error], [error]]);
  });

  test('with what breaks it off from outside, once', () => {
    const { parts, reply } = run([say('answer', 'Hi')]);
    reply.fail(BUSY);
    reply.fail(upstreamFailure('idle-timeout', 'Late.'));
    reply.close();
    expect(parts).toEqual([text('Hi'), { type: 'reply-error', failure: BUSY }]);
  });
});

describe('phases', () => {
  test('tell whose words they are where there is no block', () => {
    expect(
      partsOf(
        say('thinking', 'Hm.'),
        say('answer', 'Hi'),
        say(null, ' you'),
        say('other', '!'),
        DONE,
      ),
    ).toEqual([reasoning('Hm.'), text('Hi'), text(' you'), text('!'), STOP]);
  });

  test('of tools and unknown ones show nothing and end nothing', () => {
    const events = [
      say('answer', 'a'),
      say('tool_call', '<glm_block view="">{"type":"mcp","data":{"arguments":"{}", "result":'),
      update({ phase: 'other', deltaContent: 'null,"status":"completed"}}</glm_block>' }),
      say('dreaming', 'zzz'),
      say('answer', 'b'),
      DONE,
    ];
    expect(partsOf(...events)).toEqual([text('a'), text('b'), STOP]);
  });

  test('after a tool call, the rest of its JSON is hidden even when its tag was closed', () => {
    const events = [say('tool_call', '<glm_block>{}</glm_block>'), say('other', 'null,"x":1}')];
    expect(partsOf(...events, say('answer', 'null, I say'), DONE)).toEqual([
      text('null, I say'),
      STOP,
    ]);
  });

  test('count for the indexes of edits, shown or not', () => {
    const events = [say('answer', 'ab'), say('tool_call', '{}'), say('answer', 'cX')];
    const edit = update({ phase: 'other', edit: { index: 5, content: 'd' } });
    expect(partsOf(...events, edit, DONE)).toEqual([text('ab'), text('cX'), text('d'), STOP]);
  });
});

describe('the reason to finish', () => {
  const SENSITIVE = upstreamFailure('content-filtered', 'Sensitive.');
  const filtered: WebEvent = { type: 'failure', failure: SENSITIVE };

  test('is the one that the service gives', () => {
    const events = [say('answer', 'Hi'), update({ finishReason: 'length' }), DONE];
    expect(partsOf(...events)).toEqual([text('Hi'), { type: 'reply-end', finishReason: 'length' }]);
  });

  test('is the content filter, when that stops a reply amid its words', () => {
    const end: Part = { type: 'reply-end', finishReason: 'content_filter' };
    const usage: Part = { type: 'usage', usage: count(3), estimated: false };
    const events = [counted(3), say('answer', 'Hi <'), filtered, say('answer', '!'), DONE];
    expect([run(events).parts, run(events, 'final').parts]).toEqual([
      [text('Hi '), text('<'), usage, end],
      [text('Hi <'), usage, end],
    ]);
  });

  test('is a failure, when the content filter stops a reply before its first word', () => {
    expect(partsOf(counted(3), filtered)).toEqual([{ type: 'reply-error', failure: SENSITIVE }]);
  });
});

describe('several rounds', () => {
  const open = '<details type="reasoning" done="false">\n> ';
  const events = [
    say('thinking', `${open}r1`),
    say('answer', '\n</details>\na1'),
    say('tool_call', '<glm_block>{}</glm_block>'),
    say('thinking', `${open}r2`),
    say('answer', '\n</details>\na2'),
    DONE,
  ];
  const rounds = [reasoning('r1'), text('a1'), reasoning('r2'), text('a2'), STOP];

  test('keep their order, live and in the end', () => {
    expect([run(events).parts, run(events, 'final').parts]).toEqual([rounds, rounds]);
  });

  test('whose order an edit changes behind the client’s back are a conflict', () => {
    const edit = update({
      phase: 'answer',
      edit: { index: 0, content: `${open}r1x\n</details>\na1` },
    });
    const changed = [...events.slice(0, 2), edit, DONE];
    const { parts, reply } = run(changed);
    expect([parts, reply.editConflicts, run(changed, 'final').parts]).toEqual([
      [reasoning('r1'), text('a1'), reasoning('x'), STOP],
      1,
      [reasoning('r1x'), text('a1'), STOP],
    ]);
  });
});

describe('with tools', () => {
  const tool = { name: 'add', description: null, parameters: null };
  const tools = { tools: [tool], choice: 'auto', parallel: true, scanLimit: 1000 } as const;
  const withTools = { ...RULES, tools };
  const start: Part = { type: 'tool-call-start', index: 0, id: 'c1', name: 'add' };
  const fragment = (words: string): Part => ({
    type: 'tool-call-delta',
    index: 0,
    arguments: words,
  });
  const end: Part = { type: 'reply-end', finishReason: 'tool_calls' };
  const field = (known: object) => {
    const call = { index: null, id: null, name: null, arguments: '', mayBeInternal: false };
    return update({ phase: 'tool_call', toolCalls: [{ ...call, ...known }] });
  };
  const block = (args: string) =>
    `<glm_block view="">{"type":"mcp","data":{"metadata":{"id":"c1","name":"add","arguments":"${args}`;
  const closed = (args: string) => `${block(args)}", "result": null}}}</glm_block>`;

  test('a block and the frames that go on with it are a call', () => {
    const events = [
      say('thinking', 'Hm.'),
      say('tool_call', block('')),
      say('tool_call', '{\\"a\\":'),
      say('tool_call', '1}'),
      say('tool_call', '", "result": '),
      say('other', 'null, "status": "completed"}}}</glm_block>'),
      DONE,
    ];
    expect(run(events, 'live', withTools).parts).toEqual([
      reasoning('Hm.'),
      start,
      fragment('{"a":'),
      fragment('1}'),
      end,
    ]);
    expect(run(events, 'final', withTools).parts).toEqual([
      reasoning('Hm.'),
      start,
      fragment('{"a":1}'),
      end,
    ]);
  });

  test('what follows on the rest of a block in its frame is the reply’s', () => {
    const rest = update({
      phase: 'other',
      edit: { index: 99_999, content: 'null}}}</glm_block>Done.' },
    });
    const events = [
      say('tool_call', `${block('{}')}", "result": `),
      rest,
      say('answer', ' Yes.'),
      DONE,
    ];
    expect(run(events, 'live', withTools).parts).toEqual([
      start,
      fragment('{}'),
      text('Done.'),
      text(' Yes.'),
      end,
    ]);
  });

  test('a closing tag in the strings of such a rest closes nothing', () => {
    const rest = update({
      phase: 'other',
      edit: { index: 99_999, content: 'null, "note": "</glm_block>"}}}</glm_block>Done. {}' },
    });
    const events = [say('tool_call', `${block('{}')}", "result": `), rest, DONE];
    expect(run(events, 'live', withTools).parts).toEqual([
      start,
      fragment('{}'),
      text('Done. {}'),
      end,
    ]);
  });

  test('a block of the answer goes on over its frames', () => {
    const [one, two] = [closed('{}').slice(0, 40), closed('{}').slice(40)];
    const events = [say('answer', `a${one}`), say('answer', `${two}b`), DONE];
    expect(run(events, 'live', withTools).parts).toEqual([
      text('a'),
      start,
      fragment('{}'),
      text('b'),
      end,
    ]);
  });

  test('fields of frames are a call', () => {
    const events = [
      field({ id: 'c1', name: 'add', arguments: '{' }),
      field({ arguments: '}' }),
      DONE,
    ];
    expect(run(events, 'live', withTools).parts).toEqual([
      start,
      fragment('{'),
      fragment('}'),
      end,
    ]);
  });

  test('a call that comes both ways comes once', () => {
    const inField = field({ id: 'c1', name: 'add', arguments: '{}' });
    const inBlock = say('tool_call', closed('{}'));
    expect([
      run([inField, inBlock, DONE], 'live', withTools).parts,
      run([inBlock, inField, DONE], 'live', withTools).parts,
    ]).toEqual([
      [start, fragment('{}'), end],
      [start, fragment('{}'), end],
    ]);
  });

  test('a reply of calls alone is not empty, and not over before they are', () => {
    const events = [counted(3), field({ id: 'c1', name: 'add', arguments: '{}' })];
    const { parts, reply } = run(events, 'live', withTools);
    reply.close();
    expect(parts.at(-1)).toMatchObject({ failure: { kind: 'broken-stream' } });
  });

  test('in the request only: else calls are the service’s own', () => {
    expect(
      partsOf(
        field({ id: 'c1', name: 'add' }),
        say('tool_call', closed('{}')),
        say('answer', 'a'),
        DONE,
      ),
    ).toEqual([text('a'), STOP]);
  });
});

describe('with search', () => {
  const withSearch = { ...RULES, search: true };
  const page = { ref: 'turn0search1', index: 1, title: 'A', url: 'https://a.example/' };
  const results: Part = {
    type: 'search-results',
    results: [{ ref: page.ref, number: 1, title: 'A', url: page.url }],
  };
  const list = '[{"title":"A","url":"https://a.example/","index":1,"ref_id":"turn0search1"}]';
  const found = say(
    'tool_call',
    `<glm_block>{"data":{"browser":{"search_result":${list}}}}</glm_block>`,
  );

  test.each([
    ['fields', update({ pages: [page] })],
    ['blocks', found],
  ])('results come out of %s before the text that cites them, once', (_, event) => {
    const events = [event, say('answer', 'Hi【turn0search1】'), event, DONE];
    const parts = [results, text('Hi【turn0search1】'), STOP];
    expect([run(events, 'live', withSearch).parts, run(events, 'final', withSearch).parts]).toEqual(
      [parts, parts],
    );
  });

  test('in the request only', () => {
    expect(partsOf(update({ pages: [page] }), found, say('answer', 'Hi'), DONE)).toEqual([
      text('Hi'),
      STOP,
    ]);
  });
});

describe('a raw reply', () => {
  const raw = { ...RULES, thinking: 'raw' } as const;
  const head = (done: boolean) =>
    `<details type="reasoning" done="${done}">\n<summary>${done}</summary>\n`;
  const texts = (...events: WebEvent[]) =>
    (['live', 'final'] as const).map((delivery) => {
      const { parts, reply } = run([...events, DONE], delivery, raw);
      const words = parts.map((part) => ('text' in part ? part.text : part.type)).join('');
      return [words, reply.editConflicts];
    });

  test('is the message as the service writes it, with the heads that its blocks had first', () => {
    const all = `${head(true)}> r1\n> > r\n</details>\na1 <`;
    const events = [
      say('thinking', `${head(false)}> r1`),
      say('thinking', '\n> > r'),
      update({ phase: 'answer', edit: { index: 0, content: all } }),
      say('answer', 'b> '),
    ];
    const expected = `${head(false)}> r1\n> > r\n</details>\na1 <b> reply-end`;
    expect(texts(...events)).toEqual([
      [expected, 0],
      [expected, 0],
    ]);
  });

  test('has no tool blocks in it, and a head that does not end as it is', () => {
    const events = [
      say('tool_call', '<glm_block>{}</glm_block>'),
      say('answer', `${head(false).slice(0, 50)}`),
    ];
    expect(texts(...events)).toEqual(Array(2).fill([`${head(false).slice(0, 50)}reply-end`, 0]));
  });
});

describe('a frame with an edit and a delta', () => {
  test('is edited first', () => {
    const both = update({ phase: 'answer', edit: { index: 1, content: 'b' }, deltaContent: 'c' });
    expect(run([say('answer', 'a'), both, DONE], 'final').parts).toEqual([text('abc'), STOP]);
  });
});

describe('delivery', () => {
  const events = [
    say('answer', 'The quick fox'),
    update({ phase: 'answer', edit: { index: 4, content: 'quiet cat' } }),
    DONE,
  ];

  test('that is live keeps what was sent, and counts the conflict', () => {
    const { parts, reply } = run(events);
    expect([parts, reply.editConflicts]).toEqual([
      [text('The quick fox'), text('et cat'), STOP],
      1,
    ]);
  });

  test('that is final has the final text, and no conflict to count', () => {
    const { parts, reply } = run(events, 'final');
    expect([parts, reply.editConflicts]).toEqual([[text('The quiet cat'), STOP], 0]);
  });

  test('that is final puts out nothing of a failed reply', () => {
    const failure: WebEvent = { type: 'failure', failure: BUSY };
    expect(run([say('answer', 'Hi'), failure], 'final').parts).toEqual([
      { type: 'reply-error', failure: BUSY },
    ]);
  });
});
