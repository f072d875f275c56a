import { expect, test } from 'bun:test';
import { SnapshotFeed } from '../../src/dashboard/snapshot-feed.ts';
import { createKeepAlive } from '../../src/http/keep-alive.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { connectRaw, type RawClient } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

interface FeedStage {
  feed: SnapshotFeed;
  port: number;
  timer: ReturnType<typeof createManualSchedule>;
  /** How many snapshots were taken. */
  taken: () => number;
}

/** Runs a test with a server of a feed; its snapshots are numbers, from 1 on, and some padding. */
async function withFeed(
  { padding = 0, maxViewers = 10 },
  run: (stage: FeedStage) => Promise<void>,
): Promise<void> {
  const timer = createManualSchedule();
  let taken = 0;
  const read = () => {
    taken += 1;
    return { snapshot: taken, padding: 'x'.repeat(padding) };
  };
  const feed = new SnapshotFeed({
    read,
    keepAlive: createKeepAlive(),
    schedule: timer.schedule,
    maxViewers,
  });
  await using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      try {
        return feed.watch({ signal: request.signal, release: () => {} });
      } catch (error) {
        return new Response(String(error), { status: 503 });
      }
    },
  });
  await run({ feed, port: server.port ?? 0, timer, taken: () => taken });
  await server.stop(true);
}

async function connect(port: number): Promise<RawClient> {
  const client = await connectRaw(port);
  await client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return client;
}

test('a viewer gets a snapshot at once, and then one with each tick', () =>
  withFeed({}, async ({ port, timer }) => {
    const client = await connect(port);
    await client.until('data: {"snapshot":1,"padding":""}\n\n');
    expect(timer.delays()).toEqual([1_000]);
    timer.fire();
    expect(await client.until('data: {"snapshot":2,"padding":""}\n\n')).toContain(
      'text/event-stream',
    );
    client.destroy();
  }));

test('all viewers get the same snapshot, which is taken once', () =>
  withFeed({}, async ({ feed, port, timer, taken }) => {
    const clients = [await connect(port), await connect(port), await connect(port)];
    await until(() => feed.viewers === 3);
    timer.fire();
    await Promise.all(clients.map((client) => client.until('{"snapshot":4,')));
    expect(taken()).toBe(4);
    for (const client of clients) client.destroy();
  }));

test('nothing is looked at while nobody watches', () =>
  withFeed({}, async ({ feed, port, timer }) => {
    expect(timer.delays()).toEqual([]);
    const client = await connect(port);
    await until(() => feed.viewers === 1);
    client.destroy();
    await until(() => feed.viewers === 0);
    expect(timer.delays()).toEqual([]);
  }));

test('a viewer that takes nothing misses snapshots, and after ten is let go', () =>
  withFeed({ padding: 4 * 1024 * 1024 }, async ({ feed, port, timer, taken }) => {
    const client = await connect(port);
    client.pause();
    await until(() => feed.viewers === 1);
    let ticks = 0;
    await until(() => {
      timer.fire();
      ticks += 1;
      return feed.viewers === 0;
    });
    expect([ticks >= 10, taken() <= ticks + 1, timer.delays()]).toEqual([true, true, []]);
    client.destroy();
  }));

test('one more than there may be is refused, and asked to come back', () =>
  withFeed({ maxViewers: 1 }, async ({ feed, port }) => {
    const client = await connect(port);
    await until(() => feed.viewers === 1);
    const other = await fetch(`http://127.0.0.1:${port}`);
    expect([other.status, await other.text()]).toEqual([
      503,
      expect.stringContaining('Too many dashboards are open.'),
    ]);
    client.destroy();
  }));
