/**
 * What the conversion of one event costs by itself: `bun bench/convert.ts`. A hot loop, and so a lower
 * bound: between two events of a live stream a processor's caches go cold, and the same work takes
 * about four times as long. It compares two versions of the converter, and the wires with each other:
 * the same words, on each in one round. What a stream costs, `main.ts` tells.
 */
import { createReplyConverter, type ReplyConverter } from '../src/convert/reply-converter.ts';
import type { UpstreamId } from '../src/upstream-id.ts';
import { PLAIN_RULES } from '../test/support/plain-rules.ts';
import { median } from './report/median.ts';

const STREAMS = 100;
const EVENTS_PER_STREAM = 1_000;
const ROUNDS = 9;

const TEXTS = {
  english: ['The ', 'quick ', 'brown fox ', 'jumps over', ' the lazy ', 'dog.\n'],
  chinese: ['你好', '，世界', '。我们', '在测试', '转换器', '\n'],
};

/** A delta of each wire, as its service words it. */
const WIRES: Readonly<Record<UpstreamId, (text: string) => object>> = {
  'zai-web': (text) => {
    return { type: 'chat:completion', data: { phase: 'answer', delta_content: text } };
  },
  'zai-api': (text) => {
    return {
      id: '20260313050448e162ecc8207a4c47',
      created: 1_773_349_491,
      object: 'chat.completion.chunk',
      model: 'glm-4.7-flash',
      choices: [{ index: 0, delta: { role: 'assistant', content: text } }],
    };
  },
};

for (const [name, texts] of Object.entries(TEXTS)) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    return { web: measureRound('zai-web', texts), api: measureRound('zai-api', texts) };
  });
  const web = median(rounds.map((round) => round.web));
  const api = median(rounds.map((round) => round.api));
  const ratio = median(rounds.map((round) => round.api / round.web));
  console.log(
    `${name}: zai-web ${web.toFixed(2)}, zai-api ${api.toFixed(2)} µs of CPU time per event, ` +
      `${ratio.toFixed(2)} times as much`,
  );
}

function measureRound(wire: UpstreamId, texts: readonly string[]): number {
  const frames = texts.map((text) => encodeFrame(WIRES[wire](text)));
  const converters = Array.from({ length: STREAMS }, () => createConverter(wire));
  const before = process.cpuUsage();
  for (let index = 0; index < EVENTS_PER_STREAM; index++) {
    const frame = frames[index % frames.length] as Uint8Array;
    for (const converter of converters) converter.feed(frame);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (STREAMS * EVENTS_PER_STREAM);
}

function encodeFrame(frame: object): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(frame)}\n\n`);
}

function createConverter(wire: UpstreamId): ReplyConverter {
  return createReplyConverter(
    wire,
    {
      shape: 'stream',
      completionId: 'chatcmpl-bench',
      created: 1_795_000_000,
      model: 'GLM-4.6',
      includeUsage: false,
      callForm: 'tool_calls',
    },
    PLAIN_RULES,
    { maxFrameBytes: 1024 * 1024 },
    () => '',
  );
}
