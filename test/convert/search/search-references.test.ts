import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Part, SearchResult } from '../../../src/convert/part.ts';
import {
  referenceRemovalStage,
  searchReferenceStage,
} from '../../../src/convert/search/search-references.ts';
import { joinTexts, partsThrough } from '../../support/convert/parts-through.ts';

const RESULTS: SearchResult[] = [
  { ref: 'turn0search0', number: 1, title: 'One', url: 'https://one.example/' },
  { ref: 'turn0search7', number: 2, title: 'Two [b] <i>', url: 'https://two.example/a(b)?q="1"' },
  { ref: 'turn1fetch0', number: 1, title: 'One', url: 'https://one.example/' },
];
const FOUND: Part = { type: 'search-results', results: RESULTS };
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const ONE = '[[1]](https://one.example/)';
const TWO = '[[2]](https://two.example/a%28b%29?q=%221%22)';
const LIST = `\n\n**Sources**\n\n- ${ONE} One\n- ${TWO} Two \\[b\\] \\<i>`;

const text = (words: string): Part => ({ type: 'text-delta', text: words });
const reasoning = (words: string): Part => ({ type: 'reasoning-delta', text: words });

function pass(...parts: Part[]): Part[] {
  return partsThrough(searchReferenceStage, parts);
}

/** The answer that a client puts together, and what of it is cited. */
function read(parts: readonly Part[]) {
  const answer = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const citations = parts.flatMap((part) => (part.type === 'citation' ? part.citation : []));
  const cited = citations.map(({ startIndex, endIndex }) => answer.slice(startIndex, endIndex));
  return { answer, citations, cited };
}

describe('a reference in a text', () => {
  test.each<[string, string, string]>([
    ['is a link', '【turn0search0】', ONE],
    ['is set off from the word before it', 'So【turn0search0】. Yes', `So ${ONE}. Yes`],
    ['is set off once', 'So 【turn0search0】.', `So ${ONE}.`],
    ['is not set off at the start of a line', 'So:\n【turn0search0】', `So:\n${ONE}`],
    ['may stand beside others', 'So【turn0search0】【turn0search7】.', `So ${ONE} ${TWO}.`],
    ['may be of another tool', 'So【turn1fetch0】.', `So ${ONE}.`],
    [
      'may be written as the model was given it',
      'So [ref_id=turn0search0†One†https://one.example/].',
      `So ${ONE}.`,
    ],
    ['may be a mere id in brackets', 'So[ref_id=turn0search0]', `So ${ONE}`],
    ['keeps emojis and Chinese around it', '😀好【turn0search0】好😀', `😀好 ${ONE}好😀`],
    ['to nothing known vanishes', 'So【turn9search9】.', 'So.'],
    ['to nothing known takes its space along', 'So 【turn9search9】.', 'So.'],
    ['to nothing known leaves one space of two', 'So 【turn9search9】 it is', 'So it is'],
    ['to nothing known leaves the space before a word', 'So 【turn9search9】it is', 'So it is'],
    ['to nothing known leaves no space at the end', 'So 【turn9search9】', 'So'],
    [
      'to nothing known leaves no space at the end of a line',
      'So 【turn9search9】\nand',
      'So\nand',
    ],
    ['to nothing known leaves none at the start of a line', '- a\n【turn9search9】 b', '- a\nb'],
    ['to nothing known leaves the indentation', '- a\n  【turn9search9】 b', '- a\n  b'],
    [
      'to nothing known vanishes beside others',
      'a 【turn9search9】【turn9search8】【turn0search0】 b',
      `a ${ONE} b`,
    ],
    ['to nothing known vanishes behind others', 'a【turn0search0】 【turn9search9】.', `a ${ONE}.`],
  ])('%s, wherever it is cut', (_, written, shown) => {
    const end = written.length === 0 ? '' : LIST;
    for (let cut = 0; cut <= written.length; cut++) {
      const parts = pass(FOUND, text(written.slice(0, cut)), text(written.slice(cut)), STOP);
      expect(read(parts).answer).toBe(shown + end);
    }
    const byUnit = written.split('').map(text);
    expect(read(pass(FOUND, ...byUnit, STOP)).answer).toBe(shown + end);
  });

  test.each([
    '【】',
    '【turn】',
    '【turn0】',
    '【turn0search】',
    '【turn0search0',
    '【3†source】',
    '【今日】',
    '[1]',
    '[ref_id=]',
    '[ref_id=turn0search0',
    '[link](https://a.example/)',
    '[[1]]',
    'array[turn0search0]',
    'a  b ',
    ' a',
    '\n\n a \n',
    '【turn12345search1】',
    '[ref_id=turn0search0†One\nmore]',
  ])('is not %j, which comes through as it is, wherever it is cut', (words) => {
    for (let cut = 0; cut <= words.length; cut++) {
      const parts = pass(text(words.slice(0, cut)), text(words.slice(cut)), STOP);
      expect(read(parts).answer).toBe(words);
    }
  });

  test('is held back no longer than it may be one', () => {
    expect(pass(FOUND, text('a 【tur'), text('key】 b'), text(' ['), text('x] c'))).toEqual([
      FOUND,
      text('a'),
      text(' 【turkey】 b'),
      text(' [x] c'),
    ]);
  });

  test('in reasoning is a link without a citation', () => {
    expect(pass(FOUND, reasoning('a【turn0'), reasoning('search0】'), { ...STOP })).toEqual([
      FOUND,
      reasoning('a'),
      reasoning(` ${ONE}`),
      STOP,
    ]);
  });

  test('does not go on behind reasoning', () => {
    const parts = pass(FOUND, text('a 【turn0'), reasoning('hm'), text('search0】'), STOP);
    expect(joinTexts(parts)).toEqual([
      FOUND,
      text('a 【turn0'),
      reasoning('hm'),
      text(`search0】${LIST}`),
      STOP,
    ]);
  });
});

describe('citations', () => {
  test('come right behind their text and name its place', () => {
    const parts = pass(FOUND, text('😀 So【turn0search0】 and【turn0search7】.'), STOP);
    const { cited, citations } = read(parts);
    expect([
      parts.map(({ type }) => type),
      cited,
      citations.map(({ url, title }) => [url, title]),
    ]).toEqual([
      ['search-results', 'text-delta', 'citation', 'citation', 'text-delta', 'reply-end'],
      [ONE, TWO],
      [
        ['https://one.example/', 'One'],
        ['https://two.example/a(b)?q="1"', 'Two [b] <i>'],
      ],
    ]);
  });

  test('name the same places however the text is cut', () => {
    const snippets = fc.constantFrom(
      '【turn0search0】',
      '【turn0search7】',
      '【turn9search9】',
      ' ',
      '\n',
      'word',
      '.',
      '😀',
      '【x】',
    );
    fc.assert(
      fc.property(fc.array(snippets), fc.array(fc.nat(200)), (pieces, cuts) => {
        const whole = pieces.join('');
        const edges = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort(
          (a, b) => a - b,
        );
        const cut = edges.slice(1).map((edge, i) => text(whole.slice(edges[i], edge)));
        const expected = read(pass(FOUND, text(whole), STOP));
        expect(read(pass(FOUND, ...cut, STOP))).toEqual(expected);
        expect(expected.cited.every((link) => link === ONE || link === TWO)).toBe(true);
      }),
    );
  });
});

describe('the list of sources', () => {
  test('is left out when nothing was found, or nothing said', () => {
    expect([pass(text('Hi'), STOP), pass(FOUND, STOP)]).toEqual([
      [text('Hi'), STOP],
      [FOUND, STOP],
    ]);
  });

  test.each(['tool_calls', 'content_filter'] as const)(
    'is left out of a reply that ends with %s',
    (finishReason) => {
      const end: Part = { type: 'reply-end', finishReason };
      expect(pass(FOUND, text('Hi'), end)).toEqual([FOUND, text('Hi'), end]);
    },
  );
});

test('taken out, references leave no trace', () => {
  const parts = [FOUND, reasoning('b 【turn0search0】'), text('{"a":"x 【turn0search0】."}'), STOP];
  expect(joinTexts(partsThrough(referenceRemovalStage, parts))).toEqual([
    FOUND,
    reasoning('b'),
    text('{"a":"x."}'),
    STOP,
  ]);
});

test('what is held back comes before an error', () => {
  const error: Part = {
    type: 'reply-error',
    failure: {
      kind: 'idle-timeout',
      message: 'Late.',
      status: null,
      upstreamCode: null,
      retryAfterMs: null,
    },
  };
  expect(pass(text('a 【turn0'), error)).toEqual([text('a'), text(' 【turn0'), error]);
});
