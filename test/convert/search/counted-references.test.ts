import { describe, expect, test } from 'bun:test';
import type { Part, SearchResult } from '../../../src/convert/part.ts';
import {
  referenceRemovalStage,
  searchReferenceStage,
} from '../../../src/convert/search/search-references.ts';
import { joinTexts, partsThrough } from '../../support/convert/parts-through.ts';

const RESULTS: SearchResult[] = [
  { ref: 'ref_1', number: 1, title: 'One', url: 'https://one.example/' },
  { ref: 'ref_2', number: 2, title: 'Two', url: 'https://two.example/' },
];
const FOUND: Part = { type: 'search-results', results: RESULTS };
const FILTERED: Part = { type: 'reply-end', finishReason: 'content_filter' };
const ONE = '[[1]](https://one.example/)';
const TWO = '[[2]](https://two.example/)';

const text = (words: string): Part => ({ type: 'text-delta', text: words });

/** The answer with its links; a reply that was blocked has no list of sources behind it. */
function read(pieces: readonly string[]): string {
  const parts = partsThrough(searchReferenceStage, [FOUND, ...pieces.map(text), FILTERED]);
  return parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
}

function expectShown(written: string, shown: string) {
  for (let cut = 0; cut <= written.length; cut++) {
    expect(read([written.slice(0, cut), written.slice(cut)])).toBe(shown);
  }
  expect(read(written.split(''))).toBe(shown);
}

describe('a counted reference', () => {
  test.each([
    ['in brackets is a link', 'So[ref_1]. Yes', `So ${ONE}. Yes`],
    ['in lenticular brackets is a link', 'So 【ref_2】.', `So ${TWO}.`],
    ['that is a link already is one link', 'So [ref_1](https://x.example/y?z).', `So ${ONE}.`],
    ['may stand beside others', 'So[ref_1][ref_2](http://x)[ref_1]', `So ${ONE} ${TWO} ${ONE}`],
    ['before other parentheses is a link', 'So [ref_1](see below)', `So ${ONE}(see below)`],
    ['before a link that is cut off is a link', 'So [ref_1](https://x', `So ${ONE}(https://x`],
    [
      'before too long a link is a link',
      `So [ref_1](https://${'x'.repeat(401)})`,
      `So ${ONE}(https://${'x'.repeat(401)})`,
    ],
  ])('%s, wherever it is cut', (_, written, shown) => expectShown(written, shown));

  test.each([
    '[ref_3]',
    'a [text][ref_9](https://x.example) b',
    '[ref_]',
    '[ref_12345]',
    '[ref_1',
    '【ref_1]',
    '[ref 1]',
    '[REF_1]',
  ])('is not %j, which comes through as it is, wherever it is cut', (written) => {
    expectShown(written, written);
  });

  test('cites the page', () => {
    const parts = partsThrough(searchReferenceStage, [FOUND, text('So [ref_2].'), FILTERED]);
    expect(parts.find(({ type }) => type === 'citation')).toEqual({
      type: 'citation',
      citation: {
        url: 'https://two.example/',
        title: 'Two',
        startIndex: 3,
        endIndex: 3 + TWO.length,
      },
    });
  });

  test('to results is taken out of JSON, with the space before it; others stay', () => {
    const parts = [FOUND, text('{"a":"So [ref_1]. x[ref_9]"}'), FILTERED];
    expect(joinTexts(partsThrough(referenceRemovalStage, parts))).toEqual([
      FOUND,
      text('{"a":"So. x[ref_9]"}'),
      FILTERED,
    ]);
  });
});
