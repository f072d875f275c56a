import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { type Deadline, startDeadline } from '../../src/lib/deadline.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const NEVER = new AbortController().signal;

const stateOf = ({ signal, isOver, leftMs }: Deadline) => ({
  aborted: signal.aborted,
  reason: signal.reason as unknown,
  isOver,
  leftMs: leftMs(),
});

describe('a deadline', () => {
  test('counts down, and aborts when its time is over, for the reason of that moment', () => {
    let reason = 'early';
    using deadline = startDeadline(1_000, NEVER, () => reason);
    jest.advanceTimersByTime(999);
    const before = stateOf(deadline);
    reason = 'late';
    jest.advanceTimersByTime(1);
    expect([before, stateOf(deadline)]).toEqual([
      { aborted: false, reason: undefined, isOver: false, leftMs: 1 },
      { aborted: true, reason: 'late', isOver: true, leftMs: 0 },
    ]);
  });

  test('has nothing left, and not less, long after it was over', () => {
    using deadline = startDeadline(1_000, NEVER, () => 'late');
    jest.advanceTimersByTime(5_000);
    expect(deadline.leftMs()).toBe(0);
  });

  test('aborts with the other signal, for its reason, and is not over then', () => {
    const leaving = new AbortController();
    using deadline = startDeadline(1_000, leaving.signal, () => 'late');
    leaving.abort('left');
    expect(stateOf(deadline)).toEqual({
      aborted: true,
      reason: 'left',
      isOver: false,
      leftMs: 1_000,
    });
  });

  test('aborts at once when the other signal has aborted before', () => {
    using deadline = startDeadline(1_000, AbortSignal.abort('left'), () => 'late');
    expect(stateOf(deadline)).toMatchObject({ aborted: true, reason: 'left', isOver: false });
  });

  test('keeps the first reason when both come', () => {
    const leaving = new AbortController();
    using deadline = startDeadline(1_000, leaving.signal, () => 'late');
    jest.advanceTimersByTime(1_000);
    leaving.abort('left');
    expect(deadline.signal.reason).toBe('late');
  });

  test('that is disposed of aborts no more, and leaves no timer behind', () => {
    const leaving = new AbortController();
    const deadline = startDeadline(1_000, leaving.signal, () => 'late');
    deadline[Symbol.dispose]();
    const timers = jest.getTimerCount();
    leaving.abort('left');
    jest.advanceTimersByTime(2_000);
    expect([timers, deadline.signal.aborted, deadline.isOver]).toEqual([0, false, false]);
  });
});
