import { expect, test } from 'bun:test';
import type { Credential } from '../../src/credentials/credential.ts';
import { GuestChatDeletion } from '../../src/credentials/guest-chat-deletion.ts';
import { type UpstreamFailure, upstreamFailure } from '../../src/upstream-failure.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { guest } from './start-guests.ts';

/** Deletions that the test answers one by one. */
function setUp({ heedsSignal = true } = {}) {
  const asked: {
    userId: string;
    signal: AbortSignal;
    answer: (failure: UpstreamFailure | null) => void;
  }[] = [];
  const logged: object[] = [];
  const timers = createManualSchedule();
  const chatDeletion = new GuestChatDeletion({
    deleteChats({ userId }: Credential, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<UpstreamFailure | null>();
      if (heedsSignal) signal.addEventListener('abort', () => reject(signal.reason));
      asked.push({ userId, signal, answer: resolve });
      return promise;
    },
    log: { debug: (fields) => logged.push(fields) },
    schedule: timers.schedule,
  });
  const add = (count: number) => {
    for (let index = 0; index < count; index += 1) chatDeletion.add(guest(index));
  };
  return { chatDeletion, asked, logged, timers, add };
}

const later = () => new Promise((resolve) => setImmediate(resolve));

test('chats are deleted four guests at a time, each guest once', async () => {
  const { asked, add } = setUp();
  add(6);
  const underWay = [asked.length];
  asked[2]?.answer(null);
  await later();
  underWay.push(asked.length);
  for (const { answer } of asked) answer(null);
  await later();
  expect([underWay, asked.map(({ userId }) => userId)]).toEqual([
    [4, 5],
    ['guest-0', 'guest-1', 'guest-2', 'guest-3', 'guest-4', 'guest-5'],
  ]);
});

test('a failure is noted, and holds up nobody', async () => {
  const { asked, logged, add } = setUp();
  add(5);
  asked[0]?.answer(upstreamFailure('unavailable', 'down'));
  await later();
  expect([logged, asked.length]).toEqual([[{ guest: guest(0).id, kind: 'unavailable' }], 5]);
});

test('of more guests than can be attended to, the longest waiting are given up', async () => {
  const { asked, add } = setUp();
  add(1_006);
  asked[0]?.answer(null);
  await later();
  expect(asked.at(-1)?.userId).toBe('guest-6');
});

test('the end waits for all of them, more at a time', async () => {
  const { chatDeletion, asked, timers, add } = setUp();
  add(20);
  let ended = false;
  const finished = chatDeletion.finish(2_000).then(() => {
    ended = true;
  });
  const underWay = asked.length;
  for (const { answer } of asked) answer(null);
  await later();
  const early = ended;
  for (const { answer } of asked.slice(16)) answer(null);
  await finished;
  expect({ underWay, early, asked: asked.length, timers: timers.delays() }).toEqual({
    underWay: 16,
    early: false,
    asked: 20,
    timers: [],
  });
});

test.each([true, false])(
  'the end breaks off what takes too long (heeding it: %p)',
  async (heeds) => {
    const { chatDeletion, asked, timers, add } = setUp({ heedsSignal: heeds });
    add(20);
    const finished = chatDeletion.finish(2_000);
    const delays = timers.delays();
    timers.fire();
    await finished;
    expect([delays, asked.length, asked.every(({ signal }) => signal.aborted)]).toEqual([
      [2_000],
      16,
      true,
    ]);
  },
);

test('the end does not wait when there is nothing to do', async () => {
  const { chatDeletion, timers } = setUp();
  await chatDeletion.finish(2_000);
  expect(timers.delays()).toEqual([]);
});
