import { describe, expect, test } from 'bun:test';
import type { ChatCall } from '../../src/chat/chat-call.ts';
import { type ChatEnd, ChatStory } from '../../src/chat/chat-story.ts';
import type { ChatPlan } from '../../src/chat/plan-chat.ts';
import { ShuttingDownError } from '../../src/errors.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

const CALL: ChatCall = {
  request: { model: 'gpt-4o', messages: [] },
  thinkingMode: null,
  requestId: 'req-1',
  clientKeyId: null,
  receivedAt: performance.now(),
  clientAddress: '192.0.2.1',
  userAgent: null,
  signal: new AbortController().signal,
};

const PLAN = { model: { publicName: 'GLM-4.6' } } as ChatPlan;
const COMPLETED: ChatEnd = {
  outcome: 'completed',
  error: null,
  errorWritten: false,
  usage: null,
  editConflicts: 0,
};

/** A story of two attempts, one on each upstream. */
function storyOfTwo(): ChatStory {
  const story = new ChatStory(CALL, 'stream');
  story.planned(PLAN);
  story.attempted({ number: 1, upstream: 'zai-web', droppedParams: ['seed', 'logprobs'] });
  story.failed('zai-web', upstreamFailure('verification-required', ''));
  story.attempted({ number: 2, upstream: 'zai-api', droppedParams: ['logprobs'] });
  return story;
}

describe('the headers', () => {
  test('tell nothing before there was an attempt', () => {
    const story = new ChatStory(CALL, 'whole');
    story.failed('zai-web', upstreamFailure('verification-required', ''));
    expect(story.headers()).toEqual({});
  });

  test('tell of the last attempt, and of what its upstream does not honour', () => {
    expect(storyOfTwo().headers()).toEqual({
      'x-upstream': 'zai-api',
      'x-attempts': '2',
      'x-dropped-params': 'logprobs',
    });
  });

  test('tell of dropped parameters only when there are any', () => {
    const story = storyOfTwo();
    story.attempted({ number: 3, upstream: 'zai-api', droppedParams: [] });
    expect(story.headers()).toEqual({ 'x-upstream': 'zai-api', 'x-attempts': '3' });
  });
});

describe('the record', () => {
  test('has the upstream that served, and how the others failed, in order', () => {
    const story = storyOfTwo();
    story.failed('zai-api', upstreamFailure('empty-reply', ''));
    expect(story.toRecord(COMPLETED, true)).toMatchObject({
      id: 'req-1',
      model: 'GLM-4.6',
      upstream: 'zai-api',
      attempts: 2,
      failures: ['zai-web:verification-required', 'zai-api:empty-reply'],
      status: 200,
      outcome: 'completed',
      firstByteMs: null,
    });
  });

  test('of a chat that no upstream was asked has the name that the client used', () => {
    const error = new ShuttingDownError();
    const end: ChatEnd = { ...COMPLETED, outcome: 'failed', error };
    expect(new ChatStory(CALL, 'whole').toRecord(end, false)).toMatchObject({
      model: 'gpt-4o',
      upstream: null,
      attempts: 0,
      failures: [],
      status: 503,
      errorCode: 'shutting_down',
      stream: false,
    });
  });

  test('has the first byte only, and the status that was sent', () => {
    const story = storyOfTwo();
    story.wrote();
    const { firstByteMs } = story.toRecord(COMPLETED, true);
    story.wrote();
    const failed: ChatEnd = { ...COMPLETED, outcome: 'failed', error: new ShuttingDownError() };
    expect(story.toRecord(failed, true)).toMatchObject({ firstByteMs, status: 200 });
  });
});
