import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Part } from '../../../src/convert/part.ts';
import type { ThinkingMode } from '../../../src/convert/reply-rules.ts';
import { createThinkingStage } from '../../../src/convert/stages/thinking-stage.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { joinTexts, partsThrough } from '../../support/convert/parts-through.ts';

const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const CALL: Part = { type: 'tool-call-start', index: 0, id: 'c1', name: 'add' };
const r = (text: string): Part => ({ type: 'reasoning-delta', text });
const a = (text: string): Part => ({ type: 'text-delta', text });

function pass(mode: ThinkingMode, ...parts: Part[]): Part[] {
  return joinTexts(partsThrough(createThinkingStage(mode), parts));
}

const OPEN = '<details>\n<summary>Thinking</summary>\n\n';
const CLOSE = '\n\n</details>\n\n';
const ROUNDS = [r(' r'), r('1\n'), a('\na'), a('1 '), r('r2'), a('a2'), STOP];

describe('two rounds of reasoning and answer', () => {
  test.each<[ThinkingMode, string]>([
    ['think', '<think> r1\n</think>\na1 <think>r2</think>a2'],
    ['thinking', '<thinking> r1\n</thinking>\na1 <thinking>r2</thinking>a2'],
    ['details', `${OPEN} r1\n${CLOSE}\na1 \n\n${OPEN}r2${CLOSE}a2`],
    ['strip', '\na1 a2'],
  ])('in mode %s are one text, white space and all', (mode, text) => {
    expect(pass(mode, ...ROUNDS)).toEqual([a(text), STOP]);
  });

  test.each(['reasoning', 'raw'] as const)('in mode %s are left as they are', (mode) => {
    expect(partsThrough(createThinkingStage(mode), ROUNDS)).toEqual(ROUNDS);
  });
});

describe('reasoning', () => {
  test('is closed before a call, and at the end', () => {
    expect([pass('think', r('r'), CALL, r('s'), STOP), pass('think', r('r'), STOP)]).toEqual([
      [a('<think>r</think>'), CALL, a('<think>s</think>'), STOP],
      [a('<think>r</think>'), STOP],
    ]);
  });

  test('stays open when the reply fails in it', () => {
    const error: Part = { type: 'reply-error', failure: upstreamFailure('idle-timeout', 'Late.') };
    expect(pass('think', r('r'), error)).toEqual([a('<think>r'), error]);
  });

  test('leaves no tags where there is none', () => {
    expect(pass('think', a('a'), STOP)).toEqual([a('a'), STOP]);
  });
});

test('it does not matter how reasoning and text are cut', () => {
  const modes = fc.constantFrom<ThinkingMode>('think', 'thinking', 'details', 'strip');
  const kinds = fc.array(fc.tuple(fc.boolean(), fc.string({ minLength: 1 })));
  fc.assert(
    fc.property(modes, kinds, (mode, pieces) => {
      const parts = pieces.map(([isReasoning, text]) => (isReasoning ? r(text) : a(text)));
      const units = parts.flatMap((part) =>
        'text' in part ? part.text.split('').map((text): Part => ({ ...part, text })) : [],
      );
      expect(pass(mode, ...units, STOP)).toEqual(pass(mode, ...parts, STOP));
    }),
  );
});
