import { describe, expect, test } from 'bun:test';
import { LiveCounters } from '../../src/stats/live-counters.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { requestRecord } from './request-fixture.ts';

const UNKNOWN = { p50: null, p95: null, p99: null };

/** Percentiles are within 5 %; this asks for a precision of some digits before the point. */
const about = (ms: number) => expect.closeTo(ms, -Math.ceil(Math.log10(ms * 0.05)));

function setUp() {
  const clock = { ms: 1_000_000 };
  const admission = { running: 3, queued: 2 };
  const counters = new LiveCounters({ admission, now: () => clock.ms });
  const settle = (...records: Partial<RequestRecord>[]) => {
    for (const record of records) counters.settled(requestRecord(record));
  };
  const wait = (seconds: number) => {
    clock.ms += seconds * 1_000;
  };
  return { counters, settle, wait };
}

describe('what happens now', () => {
  test('is nothing when nothing has happened', () => {
    expect(setUp().counters.snapshot()).toEqual({
      running: 3,
      queued: 2,
      settledTotal: 0,
      startedPerSecond: { last10s: 0, last60s: 0 },
      settledPerSecond: 0,
      completionTokensPerSecond: 0,
      successRate: null,
      firstByteMs: UNKNOWN,
      byModel: [],
      byUpstream: [],
    });
  });

  test('are rates of the last ten seconds and the last minute', () => {
    const { counters, wait } = setUp();
    for (let second = 0; second < 120; second += 1) {
      counters.started();
      if (second >= 110) counters.started();
      wait(1);
    }
    wait(-0.001);
    const { last10s, last60s } = counters.snapshot().startedPerSecond;
    expect([last10s, last60s]).toEqual([expect.closeTo(2, 2), expect.closeTo(70 / 60, 2)]);
  });

  test('are rates of the time since the start when that is shorter', () => {
    const { counters, wait } = setUp();
    for (let chat = 0; chat < 8; chat += 1) counters.started();
    wait(4);
    expect(counters.snapshot().startedPerSecond).toEqual({ last10s: 2, last60s: 2 });
  });

  test('counts tokens and success of what was settled, and no client that left as a failure', () => {
    const { settle, wait, counters } = setUp();
    settle(
      { completionTokens: 100 },
      { completionTokens: 140 },
      { completionTokens: null },
      { outcome: 'failed', completionTokens: null, firstByteMs: null },
      { outcome: 'cancelled', completionTokens: null },
    );
    wait(10);
    expect(counters.snapshot()).toMatchObject({
      settledTotal: 5,
      settledPerSecond: 0.5,
      completionTokensPerSecond: 24,
      successRate: 0.75,
    });
  });

  test('has percentiles of the first bytes of the last minute, and forgets what is older', () => {
    const { counters, settle, wait } = setUp();
    settle({ firstByteMs: 60_000 });
    wait(30);
    settle(...Array.from({ length: 99 }, () => ({ firstByteMs: 100 })), { firstByteMs: 5_000 });
    const before = counters.snapshot().firstByteMs;
    wait(31);
    settle({ firstByteMs: null });
    const later = counters.snapshot().firstByteMs;
    wait(60);
    expect([before, later, counters.snapshot().firstByteMs]).toEqual([
      { p50: about(100), p95: about(100), p99: about(5_000) },
      { p50: about(100), p95: about(100), p99: about(100) },
      UNKNOWN,
    ]);
  });

  test('tells models and upstreams apart, the busiest first, while they are in use', () => {
    const { counters, settle, wait } = setUp();
    settle({ model: 'GLM-5', upstream: null });
    wait(50);
    settle(
      { upstream: 'zai-api' },
      {},
      {},
      { model: 'x', modelIsPublic: false, outcome: 'failed' },
    );
    const names = () => {
      const { byModel, byUpstream } = counters.snapshot();
      return [byModel.map(({ model }) => model), byUpstream.map(({ upstream }) => upstream)];
    };
    const before = names();
    wait(15);
    expect([before, names()]).toEqual([
      [
        ['GLM-4.6', 'GLM-5', 'unknown'],
        ['zai-web', 'zai-api'],
      ],
      [
        ['GLM-4.6', 'unknown'],
        ['zai-web', 'zai-api'],
      ],
    ]);
  });

  test('holds no more than a hundred models, however many names there are', () => {
    const { counters, settle, wait } = setUp();
    const flood = () => settle(...Array.from({ length: 150 }, (_, n) => ({ model: `m${n}` })));
    flood();
    const sizes = [counters.snapshot().byModel.length];
    wait(61);
    settle({ model: 'GLM-5' });
    sizes.push(counters.snapshot().byModel.length);
    expect([sizes, counters.snapshot().settledPerSecond > 0]).toEqual([[100, 1], true]);
  });
});
