import { describe, expect, test } from 'bun:test';
import { createThinkTags } from '../../../src/convert/api/think-tags.ts';

type Said = [channel: string, text: string];

function read(pieces: readonly string[]): Said[] {
  const said: Said[] = [];
  const tags = createThinkTags((channel, text) => said.push([channel, text]));
  for (const piece of pieces) tags.read(piece);
  tags.release();
  return said;
}

/** What was said in a row on a channel, put together. */
function joined(pieces: readonly string[]): Said[] {
  const runs: Said[] = [];
  for (const [channel, text] of read(pieces)) {
    const last = runs.at(-1);
    if (last?.[0] === channel) last[1] += text;
    else runs.push([channel, text]);
  }
  return runs;
}

describe('a text', () => {
  test.each<[string, string, Said[]]>([
    ['without tags', 'Hi <b>', [['answer', 'Hi <b>']]],
    [
      'with tags at its start',
      '<think>Hm.</think>Hi',
      [
        ['reasoning', 'Hm.'],
        ['answer', 'Hi'],
      ],
    ],
    [
      'with white space around its tags',
      ' \n<think>\n\nHm.\n So. \n</think>\n\n Hi ',
      [
        ['reasoning', 'Hm.\n So.'],
        ['answer', 'Hi '],
      ],
    ],
    ['of white space and a tag that is none', ' \n <thinking>', [['answer', ' \n <thinking>']]],
    [
      'with too much white space before its tag',
      `${' '.repeat(17)}<think>`,
      [['answer', `${' '.repeat(17)}<think>`]],
    ],
    [
      'with a tag in its reasoning',
      '<think>a <think> b </thinking> c</think>d',
      [
        ['reasoning', 'a <think> b </thinking> c'],
        ['answer', 'd'],
      ],
    ],
    [
      'with much white space at the end of its reasoning',
      `<think>Hm${' '.repeat(20)}</think>Hi`,
      [
        ['reasoning', `Hm${' '.repeat(4)}`],
        ['answer', 'Hi'],
      ],
    ],
    ['that ends while it thinks', '<think>Hm </thin', [['reasoning', 'Hm </thin']]],
    ['that ends in its tag', ' <thin', [['answer', ' <thin']]],
    ['that thinks of nothing', '<think> \n</think>\n', []],
    ['of nothing', '', []],
  ])('%s is read, wherever it is cut', (_, text, said) => {
    for (let cut = 0; cut <= text.length; cut++) {
      expect(joined([text.slice(0, cut), text.slice(cut)])).toEqual(said);
    }
    expect(joined(text.split(''))).toEqual(said);
  });
});

describe('held back is', () => {
  test('no more than may be a tag', () => {
    expect(read(['<thi', 's', 'Hi <', 'b>'])).toEqual([
      ['answer', '<this'],
      ['answer', 'Hi <'],
      ['answer', 'b>'],
    ]);
  });

  test('no more reasoning than may be its end', () => {
    expect(read(['<think>a ', 'b </', 'i>'])).toEqual([
      ['reasoning', 'a'],
      ['reasoning', ' b'],
      ['reasoning', ' </i>'],
    ]);
  });
});

test('of white space without end, only the last is held back', () => {
  let said = '';
  const tags = createThinkTags((_, text) => {
    said += text;
  });
  for (const piece of ['<think>a', ...Array.from({ length: 40 }, () => '\n')]) tags.read(piece);
  expect(said).toBe(`a${'\n'.repeat(24)}`);
});

test('a text that is said to have no tags has none', () => {
  const said: Said[] = [];
  const tags = createThinkTags((channel, text) => said.push([channel, text]));
  tags.expectNone();
  tags.read('<think>');
  expect(said).toEqual([['answer', '<think>']]);
});
