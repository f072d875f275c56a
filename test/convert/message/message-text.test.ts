import { describe, expect, test } from 'bun:test';
import type { Voice } from '../../../src/convert/message/voice.ts';
import { bestMs } from '../../support/best-ms.ts';
import { createReadMessage } from '../../support/convert/read-message.ts';

type Step = readonly [voice: Voice, text: string] | readonly [Voice, string, index: number];

function run(...steps: readonly Step[]) {
  const { message, reply, sent } = createReadMessage();
  for (const [voice, text, index] of steps) {
    if (index === undefined) message.append(text, voice);
    else message.edit(index, text, voice);
  }
  message.finish();
  return {
    sent: sent.flatMap((part) => {
      if (part.type === 'text-delta') return [['answer', part.text]];
      return part.type === 'reasoning-delta' ? [['reasoning', part.text]] : [];
    }),
    reasoning: reply.textOf('reasoning'),
    answer: reply.textOf('answer'),
    conflicts: reply.conflicts,
  };
}

/** The texts of a message in one piece, once every way to cut it in two has given the same. */
function texts(voice: Voice, text: string) {
  const { reasoning, answer } = run([voice, text]);
  for (let cut = 1; cut < text.length; cut++) {
    const inTwo = run([voice, text.slice(0, cut)], [voice, text.slice(cut)]);
    expect(inTwo).toMatchObject({ reasoning, answer, conflicts: 0 });
  }
  return { reasoning, answer };
}

const OPEN = '<details type="reasoning" done="false">\n<summary>Thinking…</summary>\n> ';
const DONE =
  '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> ';

describe('a message text, cut anywhere,', () => {
  test.each<[string, string, string, string]>([
    ['without markup is answer', 'Hello <b>you</b> & 你好 🌍', '', 'Hello <b>you</b> & 你好 🌍'],
    ['tells reasoning from answer', `${OPEN}Hm.\n</details>\nHi.`, 'Hm.', 'Hi.'],
    [
      'takes one mark off each line of reasoning',
      `${OPEN}a\n> b\n>\n> > c\n> - d\n</details>\n`,
      'a\nb\n\n> c\n- d',
      '',
    ],
    [
      'keeps a > that is no mark',
      `${OPEN}a > b\n>> c\n>d\n</details>\n>e`,
      'a > b\n>> c\n>d',
      '>e',
    ],
    ['takes a mark at the end for a blank line', `${OPEN}a\n>`, 'a\n', ''],
    ['reads reasoning without marks', '<details type="reasoning">\na\nb</details>c', 'a\nb', 'c'],
    ['reads an empty block', `${OPEN}\n</details>\nHi`, '', 'Hi'],
    [
      'drops one newline on either side of the closing tag',
      `${OPEN}a\n> \n</details>\n\nHi`,
      'a\n',
      '\nHi',
    ],
    ['drops no newline that is no neighbour of a tag', 'a\n\nb\n', '', 'a\n\nb\n'],
    [
      'knows the attributes in any order',
      '<details open done="true" type="reasoning" x>\n> a\n</details>\nb',
      'a',
      'b',
    ],
    [
      'knows single quotes and none',
      "<details type='reasoning'>a</details><details type=reasoning>b</details>c",
      'ab',
      'c',
    ],
    [
      'keeps other <details> as the reply’s own',
      '<details>\n<summary>S</summary>\nx\n</details>\n<details data-type="reasoning">',
      '',
      '<details>\n<summary>S</summary>\nx\n</details>\n<details data-type="reasoning">',
    ],
    [
      'keeps what only begins like a tag',
      'a <detail <glm_blo <details',
      '',
      'a <detail <glm_blo <details',
    ],
    ['knows a long tag', `<details x="${'y'.repeat(470)}" type="reasoning">a</details>b`, 'a', 'b'],
    [
      'keeps a tag that never ends',
      `<details type="reasoning"${' '.repeat(600)}>a`,
      '',
      `<details type="reasoning"${' '.repeat(600)}>a`,
    ],
    [
      'keeps HTML the model thinks about',
      `${OPEN}use <details> and </details>\n> </details>\n> ok\n</details>\nHi`,
      'use <details> and </details>\n</details>\nok',
      'Hi',
    ],
    [
      'keeps a second summary',
      `${OPEN}<summary>a</summary>\n</details>\n<summary>b</summary>`,
      '<summary>a</summary>',
      '<summary>b</summary>',
    ],
    ['reads several rounds', `${OPEN}a\n</details>\nb${DONE}c\n</details>\nd`, 'ac', 'bd'],
    ['keeps tool blocks to itself', 'a<glm_block view="">{"x":"</glm"}</glm_block>b', '', 'ab'],
    [
      'keeps tool blocks inside reasoning to itself',
      `${OPEN}a <glm_block>{\n}</glm_block>b\n</details>\nc`,
      'a b',
      'c',
    ],
    ['keeps an unfinished tool block to itself', 'a<glm_block view="">{"x', '', 'a'],
    ['is reasoning to the end of an unfinished block', `${OPEN}a\n> b`, 'a\nb', ''],
  ])('%s', (_, text, reasoning, answer) => {
    expect(texts('neutral', text)).toEqual({ reasoning, answer });
  });
});

describe('text outside of a block', () => {
  test('goes by the voice it came with', () => {
    expect(
      run(['reasoning', 'Hm.'], ['answer', 'Hi'], ['neutral', ' you'], ['hidden', '{"x"']),
    ).toMatchObject({ reasoning: 'Hm.', answer: 'Hi you' });
  });

  test('keeps its voice while it is held back', () => {
    expect(run(['reasoning', 'a <'], ['answer', 'b'])).toMatchObject({
      reasoning: 'a <',
      answer: 'b',
    });
  });

  test('that is hidden still counts for the indexes', () => {
    expect(
      run(['answer', 'ab'], ['hidden', '{{{{'], ['answer', 'c'], ['answer', 'd', 6]),
    ).toMatchObject({ answer: 'abd' });
  });
});

describe('the opening tag of a reasoning block', () => {
  const quoted = `${DONE}so.\n</details>\nEnd.`;

  test.each<[Voice, string]>([
    ['answer', `Like this:\n${quoted}`],
    ['answer', `It is <details type="reasoning">, and ${quoted}`],
    ['trailing', `.\n${quoted}`],
  ])('amid an appended %s is text, as is all behind it', (voice, text) => {
    expect(texts(voice, text)).toEqual({ reasoning: '', answer: text });
  });

  test.each<[Voice]>([['answer'], ['trailing']])(
    'at the start of the message opens a block, also in an %s',
    (voice) => {
      expect(texts(voice, quoted)).toEqual({ reasoning: 'so.', answer: 'End.' });
    },
  );

  test('in an answer is not waited for', () => {
    expect(run(['answer', 'It is <details'], ['answer', ' type="reas']).sent).toEqual([
      ['answer', 'It is <details'],
      ['answer', ' type="reas'],
    ]);
  });

  test.each<[string, string]>([
    ['in a line', `All: ${quoted}`],
    ['without what the service writes', `\n<details type="reasoning">\nso.\n</details>\nEnd.`],
    ['in a code block', `\n\`\`\`html\n${quoted}\n\`\`\`\nYes.`],
    ['in a code block that is left open', `\n~~~\n${quoted}`],
  ])('in an edit is text when it stands %s', (_, text) => {
    expect(run(['answer', 'See.'], ['answer', text, 4])).toMatchObject({
      reasoning: '',
      answer: `See.${text}`,
    });
  });

  test.each<[string, string]>([
    ['at its start', quoted],
    ['at the start of a line', `\nNow:\n${quoted}`],
    ['behind a code block', `\n\`\`\`html\n<br>\n\`\`\`\n${quoted}`],
    ['behind another block', `\n${DONE}I see.\n> \`\`\`\n</details>\nFirst.\n${quoted}`],
  ])('in an edit opens a block %s', (_, text) => {
    const { reasoning, answer } = run(['answer', 'See.'], ['answer', text, 4]);
    expect([reasoning.endsWith('so.'), answer]).toEqual([
      true,
      `See.${text.replaceAll(/<details[\s\S]*?\n<\/details>\n/g, '')}`,
    ]);
  });

  test('that an edit cuts and another one completes opens the block', () => {
    const at = 4 + DONE.indexOf('true');
    expect(
      run(['answer', 'See.'], ['answer', quoted, 4], ['answer', quoted.slice(at - 4), at]),
    ).toMatchObject({ reasoning: 'so.', answer: 'See.End.', conflicts: 0 });
  });
});

describe('an answer that begins in an open block', () => {
  test('ends it', () => {
    expect(run(['reasoning', `${OPEN}Hm.`], ['answer', 'Hi'], ['answer', ' you'])).toMatchObject({
      reasoning: 'Hm.',
      answer: 'Hi you',
      conflicts: 0,
    });
  });

  test('ends it without the newline that waited for the closing tag', () => {
    expect(run(['reasoning', `${OPEN}Hm.\n`], ['answer', 'Hi'])).toMatchObject({
      reasoning: 'Hm.',
      answer: 'Hi',
    });
  });

  test.each([
    ['with the closing tag', ['\n</details>\nHi']],
    ['with the closing tag on the same line', ['</details>\nHi']],
    ['with the closing tag, cut', ['\n</det', 'ails>', '\nHi']],
    ['with white space, the tag later', ['\n', '</details>\nHi']],
    ['with the rest of the reasoning and the tag', [' Hm.\n</details>\nHi']],
  ])('%s closes it properly', (_, pieces) => {
    const answer = pieces.map((text) => ['answer', text] as const);
    const { reasoning, ...rest } = run(['reasoning', `${OPEN}Hm.`], ...answer);
    expect(rest).toMatchObject({ answer: 'Hi', conflicts: 0 });
    expect(reasoning).toStartWith('Hm.');
  });

  test('ends it when the tag in it belongs to a block of its own', () => {
    const own = '<details>\nx\n</details>\n';
    expect(run(['reasoning', `${OPEN}Hm.`], ['answer', own])).toMatchObject({
      reasoning: 'Hm.',
      answer: own,
    });
  });

  test('ends an open tool block, but not one that it closes', () => {
    const block = '<glm_block>{"a":1';
    expect([
      run(['hidden', block], ['answer', 'Hi']).answer,
      run(['hidden', block], ['answer', '}</glm_block>Hi']).answer,
    ]).toEqual(['Hi', 'Hi']);
  });

  test('does not end it when its frame names no phase', () => {
    expect(run(['neutral', `${OPEN}Hm.`], ['neutral', ' So.'])).toMatchObject({
      reasoning: 'Hm. So.',
    });
  });
});

describe('an edit', () => {
  const thought = `${DONE}Let me see.\n> So.\n</details>\n`;
  const thinking: Step[] = [
    ['reasoning', `${OPEN}Let me`],
    ['reasoning', ' see.\n> So.'],
  ];

  test('that repeats all reasoning before the first words sends those only', () => {
    expect(run(...thinking, ['answer', `${thought}First`, 0], ['answer', ' words'])).toEqual({
      sent: [
        ['reasoning', 'Let me'],
        ['reasoning', ' see.\nSo.'],
        ['answer', 'First'],
        ['answer', ' words'],
      ],
      reasoning: 'Let me see.\nSo.',
      answer: 'First words',
      conflicts: 0,
    });
  });

  test('may begin inside the opening tag', () => {
    const at = DONE.indexOf('true');
    expect(run(...thinking, ['answer', `${thought.slice(at)}First`, at])).toMatchObject({
      reasoning: 'Let me see.\nSo.',
      answer: 'First',
      conflicts: 0,
    });
  });

  test('may begin inside the reasoning, and bring its end', () => {
    const at = `${OPEN}Let me`.length;
    expect(run(...thinking, ['answer', ' see.\n> So.\n</details>\nHi', at])).toMatchObject({
      reasoning: 'Let me see.\nSo.',
      answer: 'Hi',
      conflicts: 0,
    });
  });

  test('that changes sent text sends what follows the common prefix, and is counted', () => {
    expect(run(['answer', 'The quick fox'], ['answer', 'quiet cat', 4])).toEqual({
      sent: [
        ['answer', 'The quick fox'],
        ['answer', 'et cat'],
      ],
      reasoning: '',
      answer: 'The quiet cat',
      conflicts: 1,
    });
  });

  test('beyond the end appends', () => {
    expect(run(['answer', 'ab'], ['answer', 'c', 99])).toMatchObject({
      answer: 'abc',
      conflicts: 0,
    });
  });

  test('with nothing to put in only cuts', () => {
    expect(run(['answer', 'abc'], ['answer', '', 1])).toMatchObject({ answer: 'a', conflicts: 1 });
  });

  test('counts UTF-16 units, also into the middle of a pair', () => {
    expect(run(['answer', 'a😀b'], ['answer', `${'😁'.charAt(1)}c`, 2])).toEqual({
      sent: [
        ['answer', 'a😀b'],
        ['answer', '😁c'],
      ],
      reasoning: '',
      answer: 'a😁c',
      conflicts: 1,
    });
  });

  test('in a long message takes effect exactly where it says', () => {
    const long = Array.from({ length: 900 }, (_, i) => `${i} `).join('');
    const edited = long.slice(0, 2345);
    expect(run(['answer', long], ['answer', '!', 2345]).answer).toBe(`${edited}!`);
  });
});

describe('the work of a message text', () => {
  /** Many small pieces of both kinds, then many edits near the end, at its end and at its start. */
  function write(units: number, edits: number): void {
    const { message } = createReadMessage();
    message.append(OPEN, 'reasoning');
    for (let i = 0; i < units / 16; i++) message.append('thought\n> ', 'reasoning');
    message.append(`\n</details>\n${'x'.repeat(units / 2)}`, 'answer');
    for (let i = 0; i < edits; i++) message.edit(units - 10 * (i % 90), `edit ${i}`, 'answer');
    for (let i = 0; i < edits; i++) message.edit(OPEN.length + 4, 'o', 'reasoning');
    message.finish();
  }

  test('grows in line with its text and its edits', () => {
    const few = bestMs(() => write(100_000, 1_000));
    const many = bestMs(() => write(800_000, 8_000));
    // 8 when linear; 64 when an edit's cost grows with the message.
    expect(many / few).toBeLessThan(24);
  });
});
