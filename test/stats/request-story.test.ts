import { describe, expect, test } from 'bun:test';
import {
  type AttemptStory,
  decodeStory,
  encodeStory,
  type RequestStory,
} from '../../src/stats/request-story.ts';

const COMPLETED: AttemptStory = {
  number: 2,
  upstream: 'zai-api',
  credentialId: '3f9a1c0b5d7e2846',
  state: 'completed',
  leaseMs: 1,
  startedAtMs: 20,
  preparedAtMs: 21,
  firstByteAtMs: 300,
  endedAtMs: 4_000,
  failure: null,
};

const REFUSED: AttemptStory = {
  number: null,
  upstream: 'zai-web',
  credentialId: null,
  state: 'refused',
  leaseMs: 5_000,
  startedAtMs: 5_001,
  preparedAtMs: null,
  firstByteAtMs: null,
  endedAtMs: 5_001,
  failure: { kind: 'rate-limited', message: 'Too much.', status: 429, upstreamCode: 'busy' },
};

const again = (story: RequestStory) => decodeStory(encodeStory(story));

describe('a stored story', () => {
  test('is the one that was stored', () => {
    const story = { attempts: [REFUSED, COMPLETED], omitted: 0 };
    expect(again(story)).toEqual(story);
  });

  test('has whole milliseconds, and says nothing of what is not there', () => {
    const attempts = [{ ...COMPLETED, firstByteAtMs: 300.4, endedAtMs: 4_000.6 }];
    expect(again({ attempts, omitted: 0 })?.attempts).toEqual([{ ...COMPLETED, endedAtMs: 4_001 }]);
    expect(encodeStory({ attempts: [REFUSED], omitted: 0 })).not.toContain('null');
  });

  test('is bounded, however many attempts there were and whatever failures say', () => {
    const failure = {
      kind: 'unavailable',
      message: 'x'.repeat(9_000),
      status: 500,
      upstreamCode: 'y'.repeat(9_000),
    } as const;
    const attempts = Array.from({ length: 500 }, () => ({ ...REFUSED, failure }));
    const text = encodeStory({ attempts, omitted: 1 });
    const story = decodeStory(text);
    expect([story?.attempts.length, story?.omitted]).toEqual([32, 469]);
    expect(story?.attempts[31]?.failure?.message).toHaveLength(300);
    expect(text.length).toBeLessThan(32_000);
  });

  test('is none when there is no text, or text of another make', () => {
    const texts = [null, '', '{', '[]', '{"attempts":3}', 'null'];
    expect(texts.map(decodeStory)).toEqual(texts.map(() => null));
  });
});
