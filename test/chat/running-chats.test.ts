import { expect, jest, test } from 'bun:test';
import { RunningChats } from '../../src/chat/running-chats.ts';
import { ClientLeftError, ShuttingDownError } from '../../src/errors.ts';

const connected = new AbortController().signal;

test('a client that leaves aborts its own chat only', () => {
  const subject = new RunningChats();
  const leaving = new AbortController();
  using one = subject.enter(leaving.signal);
  using other = subject.enter(connected);
  leaving.abort();
  expect(one.signal.reason).toBeInstanceOf(ClientLeftError);
  expect(other.signal.aborted).toBe(false);
});

test('a client that had left before has an aborted chat', () => {
  using chat = new RunningChats().enter(AbortSignal.abort());
  expect(chat.signal.reason).toBeInstanceOf(ClientLeftError);
});

test('a drain takes no new chats, and ends with the last that runs', async () => {
  const subject = new RunningChats();
  const chat = subject.enter(connected);
  let drained = false;
  const drain = subject.drain(60_000).then(() => {
    drained = true;
  });
  expect(() => subject.enter(connected)).toThrow(ShuttingDownError);
  expect([drained, subject.count, subject.draining]).toEqual([false, 1, true]);
  chat[Symbol.dispose]();
  await drain;
  expect([drained, chat.signal.aborted]).toEqual([true, false]);
});

test('a drain with nothing running ends at once', async () => {
  await new RunningChats().drain(60_000);
});

test('what still runs when the grace is over is aborted, and waited for', async () => {
  jest.useFakeTimers();
  try {
    const subject = new RunningChats();
    const chat = subject.enter(connected);
    const drain = subject.drain(25_000);
    jest.advanceTimersByTime(24_999);
    expect(chat.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(chat.signal.reason).toBeInstanceOf(ShuttingDownError);
    chat[Symbol.dispose]();
    await drain;
  } finally {
    jest.useRealTimers();
  }
});

test('what does not end when it is aborted is not waited for', async () => {
  jest.useFakeTimers();
  try {
    const subject = new RunningChats();
    subject.enter(connected);
    const drain = subject.drain(25_000);
    jest.advanceTimersByTime(27_000);
    await drain;
    expect(subject.count).toBe(1);
  } finally {
    jest.useRealTimers();
  }
});

test('the newest chats are told of, and no longer once they have left', () => {
  const subject = new RunningChats();
  const facts = (requestId: string) => ({
    requestId,
    method: 'POST',
    path: '/v1/chat/completions',
    model: 'GLM-4.6',
    clientKeyId: null,
    clientAddress: null,
    userAgent: null,
    receivedAt: 0,
  });
  const [first, , third] = ['a', 'b', 'c'].map((id) => subject.enter(connected, facts(id)));
  const ids = () => subject.newest(2).map(({ requestId }) => requestId);
  expect(ids()).toEqual(['c', 'b']);
  third?.[Symbol.dispose]();
  expect(ids()).toEqual(['b', 'a']);
  first?.[Symbol.dispose]();
  expect(ids()).toEqual(['b']);
});
