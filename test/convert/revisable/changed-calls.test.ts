import { describe, expect, test } from 'bun:test';
import { convertReply } from '../../corpus/convert-reply.ts';
import { encodeUpstream } from '../../corpus/encode-upstream.ts';
import { readChunkStream } from '../../corpus/read-chunk-stream.ts';
import { readCompletion } from '../../corpus/read-completion.ts';
import { withTools } from '../../fixtures/replies/tool-rules.ts';
import { DONE, edit, say } from '../../fixtures/replies/wire.ts';
import { PLAIN_RULES } from '../../support/plain-rules.ts';
import type { FrameData } from '../../support/zai-web/scenario.ts';

const RULES = { ...PLAIN_RULES, ...withTools() };

function convert(...frames: FrameData[]) {
  const bytes = [encodeUpstream([...frames, DONE])];
  const stream = convertReply(bytes, 'stream', RULES);
  const whole = convertReply(bytes, 'whole', RULES);
  const read = readChunkStream(stream.output);
  return {
    streamed: read.spans.map((span) => ('call' in span ? span.arguments : span)),
    error: read.error?.message ?? null,
    outcome: stream.outcome,
    whole: readCompletion(whole.output).spans.map((span) =>
      'call' in span ? span.arguments : span,
    ),
  };
}

const TAGGED =
  '<tool_call>{"name":"write_file","arguments":{"path":"a","content":"b"}}</tool_call>';
const BLOCK =
  '<glm_block view="">{"data":{"metadata":{"id":"c1","name":"get_weather","arguments":"{\\"days\\":1';
const CHANGED = 'The upstream changed a tool call after a part of it had been sent.';

describe('a call of which the client of a stream has a part', () => {
  test.each<[string, FrameData[], string, string]>([
    [
      'in the text',
      [
        say('answer', TAGGED.slice(0, TAGGED.indexOf('"b"'))),
        edit(
          'answer',
          TAGGED.indexOf('"a"'),
          TAGGED.slice(TAGGED.indexOf('"a"')).replace('a', 'c'),
        ),
      ],
      '{"path":"a"',
      '{"path":"c","content":"b"}',
    ],
    [
      'in a block',
      [say('tool_call', BLOCK), edit('tool_call', BLOCK.length - 1, '2}"}}}</glm_block>')],
      '{"days":1',
      '{"days":2}',
    ],
  ])(
    '%s fails the stream when it is changed, and a whole reply has it right',
    (_, frames, part, whole) => {
      const reply = convert(...frames);
      expect(reply).toMatchObject({ streamed: [part], error: CHANGED, whole: [whole] });
      expect(reply.outcome).toMatchObject({ state: 'failed', editConflicts: 1 });
    },
  );

  test('fails the stream when it is taken away', () => {
    const reply = convert(say('tool_call', BLOCK), edit('answer', 0, 'Never mind.'));
    expect(reply).toMatchObject({ error: CHANGED, whole: [{ text: 'Never mind.' }] });
  });
});

describe('a call of which the client of a stream has all', () => {
  test.each([
    ['in the text', TAGGED],
    ['in a block', `${BLOCK}}"}}}</glm_block>`],
  ])('%s stands when it is taken away, as a conflict', (_, call) => {
    const reply = convert(say('answer', call), edit('answer', 0, 'Never mind.'));
    expect(reply).toMatchObject({ error: null, whole: [{ text: 'Never mind.' }] });
    expect(reply.streamed).toEqual([expect.any(String), { text: 'Never mind.' }]);
    expect(reply.outcome).toMatchObject({ finishReason: 'tool_calls', editConflicts: 1 });
  });
});

test('a call in fields goes on where it was, when another one is taken away', () => {
  const field = (call: object): FrameData => ({ phase: 'tool_call', tool_calls: [call] });
  const { streamed, outcome } = convert(
    say('tool_call', `${BLOCK}}"}}}</glm_block>`),
    field({ index: 0, id: 'c2', function: { name: 'list_files', arguments: '{' } }),
    edit('answer', 0, 'No.'),
    edit('answer', 1, 'ever.'),
    field({ index: 0, function: { arguments: '}' } }),
  );
  expect(streamed).toEqual(['{"days":1}', '{}', { text: 'No.ever.' }]);
  expect(outcome).toMatchObject({ finishReason: 'tool_calls', editConflicts: 2 });
});
