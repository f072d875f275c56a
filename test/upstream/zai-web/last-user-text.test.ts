import { describe, expect, test } from 'bun:test';
import { lastUserText } from '../../../src/upstream/zai-web/last-user-text.ts';

describe('lastUserText', () => {
  test('is the text of the last user message, wherever it stands', () => {
    expect(
      lastUserText([
        { role: 'user', content: 'first' },
        { role: 'user', content: 'second' },
        { role: 'assistant', content: 'reply' },
      ]),
    ).toBe('second');
  });

  test('is what the text parts say, where there are images', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'image_url', image_url: { url: 'file-1' } },
      { type: 'text', text: 'two' },
    ] as const;
    expect(lastUserText([{ role: 'user', content }])).toBe('one two');
  });

  test('is empty when no user has spoken', () => {
    expect(lastUserText([{ role: 'system', content: 'be kind' }])).toBe('');
  });
});
