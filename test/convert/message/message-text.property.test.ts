import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Channel, Voice } from '../../../src/convert/message/voice.ts';
import { NaiveMessage } from '../../support/convert/naive-message.ts';
import {
  createReadMessage,
  deliver,
  type Turn,
  turnsOf,
} from '../../support/convert/read-message.ts';

interface Piece {
  /** null = at the end. */
  index: number | null;
  text: string;
  voice: Voice;
}

function run(pieces: readonly Piece[]) {
  const { message, reply, sent } = createReadMessage();
  for (const { index, text, voice } of pieces) {
    if (index === null) message.append(text, voice);
    else message.edit(index, text, voice);
  }
  message.finish();
  const texts = { reasoning: reply.textOf('reasoning'), answer: reply.textOf('answer') };
  return { texts, turns: turnsOf(sent), delivered: deliver(reply), conflicts: reply.conflicts };
}

/** The texts of a channel, put together. */
function textOf(turns: readonly Turn[], channel: Channel): string {
  return turns.flatMap((turn) => (turn[0] === channel ? turn[1] : [])).join('');
}

function runNaively(pieces: readonly Piece[]) {
  const message = new NaiveMessage();
  for (const { index, text, voice } of pieces) {
    if (index === null) message.append(text, voice);
    else message.edit(index, text, voice);
  }
  return message.texts();
}

const SNIPPETS = [
  '<details type="reasoning" done="false">\n<summary>Thinking…</summary>\n> ',
  '<details done="true" type="reasoning">',
  '<details>',
  '\n```md\n',
  '\n```\n',
  '~~~',
  '\n</details>\n',
  '</details>',
  '<summary>',
  '</summary>',
  '<glm_block view="">{"a":',
  '<glm_block view="">',
  `<glm_block>${' '.repeat(500)}`,
  '{',
  '</glm_block>',
  '"x',
  '"x</glm_block>',
  '",',
  '" \n}',
  '\\',
  '\\"',
  '\n> ',
  '\n>\n',
  '\n',
  '> ',
  '>',
  '<',
  ' ',
  'word',
  '你🌍',
  `${'long '.repeat(300)}\n> `,
];

/** Markup and words, whole and in shreds. */
const shred = fc
  .tuple(fc.constantFrom(...SNIPPETS), fc.nat(20), fc.nat(60))
  .map(([snippet, from, length]) => snippet.slice(from % snippet.length).slice(0, length + 1));
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SNIPPETS) }, shred), { maxLength: 6 })
  .map((parts) => parts.join(''));
const voice = fc.constantFrom<Voice>(
  'reasoning',
  'reasoning',
  'answer',
  'answer',
  'trailing',
  'neutral',
  'hidden',
);
const index = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.oneof(fc.nat(60), fc.nat(4000)) },
);
const pieces = fc.array(fc.record({ index, text, voice }), { maxLength: 14 });

describe('whatever pieces and edits make up a message', () => {
  test('its texts are those that reading the whole message gives', () => {
    fc.assert(
      fc.property(pieces, (taken) => {
        expect(run(taken).texts).toEqual(runNaively(taken));
      }),
      { numRuns: 2000 },
    );
  });

  test('what was sent is what it is in the end, in order, unless there was a conflict', () => {
    fc.assert(
      fc.property(pieces, (taken) => {
        const { turns, delivered, conflicts } = run(taken);
        if (conflicts === 0) expect(turns).toEqual(delivered);
        else expect(turns).not.toEqual(delivered);
      }),
      { numRuns: 500 },
    );
  });

  test('what it is in the end is its texts', () => {
    fc.assert(
      fc.property(pieces, (taken) => {
        const { texts, delivered } = run(taken);
        const [reasoning, answer] = [textOf(delivered, 'reasoning'), textOf(delivered, 'answer')];
        expect({ reasoning, answer }).toEqual(texts);
      }),
      { numRuns: 500 },
    );
  });

  test('without edits there is no conflict', () => {
    fc.assert(
      fc.property(pieces, (taken) => {
        expect(run(taken.map((piece) => ({ ...piece, index: null }))).conflicts).toBe(0);
      }),
    );
  });
});
