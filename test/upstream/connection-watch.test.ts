import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { createServer } from 'node:net';
import { type Probe, watchConnection } from '../../src/upstream/connection-watch.ts';

const STRAIGHT = { url: 'https://upstream.example/v1', proxyUrl: null };
const never = new AbortController().signal;

/** A place that answers as told, and notes who asked. */
function createProbe(answer: boolean) {
  const asked: [string, number][] = [];
  const probe: Probe = async ({ host }, timeoutMs) => {
    asked.push([host, timeoutMs]);
    return answer;
  };
  return { probe, asked };
}

describe('while the headers are waited for', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('nothing is probed in the first half of the time', async () => {
    const { probe, asked } = createProbe(true);
    const opened = new AbortController();
    const watching = watchConnection(STRAIGHT, 10_000, opened.signal, probe);
    jest.advanceTimersByTime(4_999);
    opened.abort();
    expect([await watching.catch(() => 'opened'), asked]).toEqual(['opened', []]);
  });

  test('an upstream that takes no connection fails with the connect clock', async () => {
    const { probe, asked } = createProbe(false);
    const watching = watchConnection(STRAIGHT, 10_000, never, probe);
    jest.advanceTimersByTime(5_000);
    expect([await watching, asked]).toMatchObject([
      { kind: 'connect-timeout', message: 'upstream.example took no connection within 10 s.' },
      [['upstream.example', 5_000]],
    ]);
  });

  test('behind a proxy it is the proxy that must take it', async () => {
    const { probe, asked } = createProbe(false);
    const place = { ...STRAIGHT, proxyUrl: 'http://proxy.example:3128/' };
    const watching = watchConnection(place, 10_000, never, probe);
    jest.advanceTimersByTime(5_000);
    expect([(await watching)?.message, asked]).toEqual([
      'The proxy to upstream.example took no connection within 10 s.',
      [['proxy.example:3128', 5_000]],
    ]);
  });

  test('attempts that wait for the same place share a probe', async () => {
    const { promise: taken, resolve } = Promise.withResolvers<boolean>();
    let probes = 0;
    const probe: Probe = () => {
      probes += 1;
      return taken;
    };
    const watching = [1, 2, 3].map(() => watchConnection(STRAIGHT, 10_000, never, probe));
    jest.advanceTimersByTime(5_000);
    await Promise.resolve();
    resolve(true);
    expect([await Promise.all(watching), probes]).toEqual([[null, null, null], 1]);
  });
});

describe('a probe over TCP', () => {
  test('is content with a place that takes connections and says nothing', async () => {
    const server = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', resolve);
    await promise;
    const { port } = server.address() as { port: number };
    const place = { url: `http://127.0.0.1:${port}/`, proxyUrl: null };
    expect(await watchConnection(place, 600, never)).toBeNull();
    server.close();
  });

  test('leaves a refusal to whoever makes the request', async () => {
    const place = { url: 'http://127.0.0.1:1/', proxyUrl: null };
    expect(await watchConnection(place, 600, never)).toBeNull();
  });
});
