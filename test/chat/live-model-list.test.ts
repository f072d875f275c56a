import { describe, expect, test } from 'bun:test';
import { LiveModelList } from '../../src/chat/live-model-list.ts';
import type { LiveModel } from '../../src/upstream/live-model.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

type Answer = () => Promise<UpstreamResult<LiveModel[]> | null>;

const WEB: LiveModel[] = [{ id: 'w', name: 'W', active: true }];
const API: LiveModel[] = [{ id: 'a', name: 'A', active: true }];
const listed =
  (models: LiveModel[]): Answer =>
  async () => ({ ok: true, value: models });
const failing: Answer = async () => ({ ok: false, failure: upstreamFailure('unavailable', '') });
const unlisted: Answer = async () => null;
const breaking: Answer = () => Promise.reject(new Error('too late'));

/** A list of both upstreams' models, in a time that the test makes pass. */
function setUp(web: Answer, api: Answer) {
  const clock = { nowMs: 1_000_000 };
  const merged: unknown[] = [];
  const reads = { 'zai-web': 0, 'zai-api': 0 };
  const upstreamOf = (id: 'zai-web' | 'zai-api', answer: Answer) => ({
    id,
    listModels() {
      reads[id] += 1;
      return answer();
    },
  });
  const list = new LiveModelList({
    upstreams: [upstreamOf('zai-web', web), upstreamOf('zai-api', api)],
    models: { mergeLive: (...lists) => void merged.push(lists) },
    log: { debug() {} },
    now: () => clock.nowMs,
  });
  return { list, merged, reads, clock };
}

describe('the live lists', () => {
  test('are read from every upstream, each for itself', async () => {
    const { list, merged } = setUp(listed(WEB), listed(API));
    await list.refresh();
    expect(merged).toEqual([
      ['zai-web', WEB],
      ['zai-api', API],
    ]);
  });

  test('are read once for all who ask at the same time', async () => {
    const { list, reads } = setUp(listed(WEB), listed(API));
    await Promise.all([list.refresh(), list.refresh(), list.refresh()]);
    expect(reads).toEqual({ 'zai-web': 1, 'zai-api': 1 });
  });

  test.each([
    ['when all are read, or there are none', listed(WEB), unlisted, 600_000],
    ['when one can’t be read', listed(WEB), failing, 60_000],
    ['when one is not read in time', breaking, listed(API), 60_000],
  ])('are believed for a while, %s', async (_, web, api, lifetimeMs) => {
    const { list, reads, clock } = setUp(web, api);
    await list.refresh();
    clock.nowMs += lifetimeMs - 1;
    await list.refresh();
    const before = reads['zai-web'];
    clock.nowMs += 1;
    await list.refresh();
    expect([before, reads['zai-web']]).toEqual([1, 2]);
  });

  test.each([
    ['fails', failing],
    ['breaks', breaking],
  ])('of the others count, and nobody fails, when one %s', async (_, api) => {
    const { list, merged } = setUp(listed(WEB), api);
    await list.refresh();
    expect(merged).toEqual([['zai-web', WEB]]);
  });
});
