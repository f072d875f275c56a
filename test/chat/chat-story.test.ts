import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import type { Attempt } from '../../src/chat/attempts.ts';
import type { ChatCall } from '../../src/chat/chat-call.ts';
import { type ChatEnd, ChatStory } from '../../src/chat/chat-story.ts';
import type { ChatPlan } from '../../src/chat/plan-chat.ts';
import { ShuttingDownError } from '../../src/errors.ts';
import type { StreamOutcome } from '../../src/stream-pool/protocol.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';

const CALL: ChatCall = {
  request: { model: 'gpt-4o', messages: [] },
  thinkingMode: null,
  requestId: 'req-1',
  method: 'POST',
  path: '/v1/chat/completions',
  clientKeyId: 'key_1',
  receivedAt: performance.now(),
  clientAddress: '192.0.2.1',
  userAgent: null,
  traceContext: { traceparent: null, tracestate: null },
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

const failed = (kind: UpstreamFailureKind): StreamOutcome => {
  const failure = upstreamFailure(kind, `It was ${kind}.`, { status: 503, upstreamCode: 'busy' });
  return { state: 'failed', failure, usage: null, editConflicts: 0 };
};

const attempt = (number: number, upstream: UpstreamId, droppedParams: string[] = []): Attempt => ({
  number,
  upstream,
  credentialId: `c${number}`,
  leaseMs: number * 10,
  droppedParams,
});

/** A story of two attempts, one on each upstream; the second is under way. */
function storyOfTwo() {
  const story = new ChatStory(CALL, 'stream');
  story.planned(PLAN);
  const first = story.attempted(attempt(1, 'zai-web', ['seed', 'logprobs']));
  first.ended(failed('verification-required'));
  const second = story.attempted(attempt(2, 'zai-api', ['logprobs']));
  return { story, second };
}

describe('the headers', () => {
  test('tell who could make no attempt, when none was made', () => {
    const story = new ChatStory(CALL, 'whole');
    const before = story.headers();
    story.refused('zai-web', upstreamFailure('verification-required', ''), 0);
    expect([before, story.headers()]).toEqual([{}, { 'x-upstream': 'zai-web', 'x-attempts': '0' }]);
  });

  test('tell of the last attempt, and of what its upstream does not honour', () => {
    expect(storyOfTwo().story.headers()).toEqual({
      'x-upstream': 'zai-api',
      'x-attempts': '2',
      'x-dropped-params': 'logprobs',
    });
  });

  test('tell of dropped parameters only when there are any', () => {
    const { story } = storyOfTwo();
    story.attempted(attempt(3, 'zai-api'));
    expect(story.headers()).toEqual({ 'x-upstream': 'zai-api', 'x-attempts': '3' });
  });
});

describe('the record', () => {
  test('has the upstream that served, and how the others failed, in order', () => {
    const { story, second } = storyOfTwo();
    second.ended(failed('empty-reply'));
    expect(story.toRecord(COMPLETED, true)).toMatchObject({
      id: 'req-1',
      method: 'POST',
      path: '/v1/chat/completions',
      clientKeyId: 'key_1',
      model: 'GLM-4.6',
      modelIsPublic: true,
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
      modelIsPublic: false,
      queueMs: null,
      upstream: null,
      attempts: 0,
      failures: [],
      status: 503,
      errorCode: 'shutting_down',
      stream: false,
    });
  });

  test('has the first byte only, and the status that was sent', () => {
    const { story } = storyOfTwo();
    story.wrote();
    const { firstByteMs } = story.toRecord(COMPLETED, true);
    story.wrote();
    const failed: ChatEnd = { ...COMPLETED, outcome: 'failed', error: new ShuttingDownError() };
    expect(story.toRecord(failed, true)).toMatchObject({ firstByteMs, status: 200 });
  });
});

describe('the story of the record', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const storyOfNow = () => {
    const story = new ChatStory({ ...CALL, receivedAt: performance.now() }, 'stream');
    story.planned(PLAN);
    return story;
  };
  const pass = (ms: number) => jest.advanceTimersByTime(ms);

  test('has the clocks of each attempt, why it ended, and the wait for a permit', () => {
    const story = storyOfNow();
    pass(5);
    story.queued();
    pass(100);
    story.admitted();
    pass(10);
    const first = story.attempted(attempt(1, 'zai-web'));
    pass(50);
    first.prepared();
    pass(150);
    first.ended(failed('rate-limited'));
    story.refused('zai-web', upstreamFailure('rate-limited', 'None left.'), 20);
    pass(20);
    const third = story.attempted(attempt(2, 'zai-api'));
    third.prepared();
    for (const ms of [300, 700]) {
      pass(ms);
      third.wrote();
    }
    const { usage, editConflicts } = COMPLETED;
    third.ended({
      state: 'completed',
      finishReason: 'stop',
      usageEstimated: false,
      usage,
      editConflicts,
    });

    const none = { status: null, upstreamCode: null };
    expect(story.toRecord(COMPLETED, true)).toMatchObject({
      queueMs: 100,
      failures: ['zai-web:rate-limited', 'zai-web:rate-limited'],
      story: {
        omitted: 0,
        attempts: [
          {
            number: 1,
            upstream: 'zai-web',
            credentialId: 'c1',
            state: 'failed',
            leaseMs: 10,
            startedAtMs: 115,
            preparedAtMs: 165,
            firstByteAtMs: null,
            endedAtMs: 315,
            failure: {
              kind: 'rate-limited',
              message: 'It was rate-limited.',
              status: 503,
              upstreamCode: 'busy',
            },
          },
          {
            number: null,
            upstream: 'zai-web',
            credentialId: null,
            state: 'refused',
            leaseMs: 20,
            startedAtMs: 315,
            preparedAtMs: null,
            firstByteAtMs: null,
            endedAtMs: 315,
            failure: { kind: 'rate-limited', message: 'None left.', ...none },
          },
          {
            number: 2,
            upstream: 'zai-api',
            credentialId: 'c2',
            state: 'completed',
            leaseMs: 20,
            startedAtMs: 335,
            preparedAtMs: 335,
            firstByteAtMs: 635,
            endedAtMs: 1_335,
            failure: null,
          },
        ],
      },
    });
  });

  test('has an attempt that was broken off with its chat as one that was cancelled then', () => {
    const story = storyOfNow();
    story.attempted(attempt(1, 'zai-web'));
    pass(40);
    expect(story.toRecord(COMPLETED, false).story.attempts).toMatchObject([
      { number: 1, state: 'cancelled', preparedAtMs: null, endedAtMs: 40, failure: null },
    ]);
  });
});
