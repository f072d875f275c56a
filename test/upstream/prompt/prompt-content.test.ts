import { expect, test } from 'bun:test';
import {
  type PromptContent,
  putBefore,
  putBehind,
  textOf,
} from '../../../src/upstream/prompt/prompt-content.ts';

const IMAGE = { type: 'image_url', image_url: { url: 'file-1' } } as const;
const text = (content: string) => ({ type: 'text', text: content }) as const;

test.each<[string, PromptContent, string]>([
  ['text', ' one ', ' one '],
  ['parts', [text('one'), IMAGE, text('two')], 'one two'],
  ['an image', [IMAGE], ''],
])('the text of %s', (_what, content, expected) => {
  expect(textOf(content)).toBe(expected);
});

test.each<[string, PromptContent, PromptContent, PromptContent]>([
  ['text', 'one', 'more\n\none', 'one\n\nmore'],
  ['no text', '', 'more', 'more'],
  [
    'parts',
    [text('one'), IMAGE],
    [text('more'), text('one'), IMAGE],
    [text('one'), IMAGE, text('more')],
  ],
])('a paragraph is put before and behind %s', (_what, content, before, behind) => {
  expect([putBefore(content, 'more'), putBehind(content, 'more')]).toEqual([before, behind]);
});
