import { expect, test } from 'bun:test';
import { probeApi, probeKey } from '../../../src/upstream/zai-api/probe-key.ts';
import type { KeyAccount } from '../../support/zai-api/keys.ts';
import { startZaiApiSimulator } from '../../support/zai-api/simulator.ts';

const NEVER = new AbortController().signal;

test('the service shows that it looks at keys first, and is asked for nothing', async () => {
  await using simulator = await startZaiApiSimulator();
  const failure = await probeApi({ baseUrl: simulator.baseUrl, proxyUrl: null }, NEVER);
  expect(failure).toMatchObject({ kind: 'credential-rejected', upstreamCode: '1001' });
  const [request] = simulator.requests;
  expect([request?.body, request?.headers.authorization]).toEqual([{}, undefined]);
});

test.each<[string, Partial<KeyAccount> | null, object]>([
  ['good', {}, { verdict: 'known' }],
  ['expired', { expired: true }, { verdict: 'refused', failure: { upstreamCode: '1003' } }],
  ['unknown', null, { verdict: 'refused', failure: { upstreamCode: '1000' } }],
])('a key that is %s', async (_, account, verdict) => {
  await using simulator = await startZaiApiSimulator();
  const site = { baseUrl: simulator.baseUrl, proxyUrl: null };
  const key = account === null ? 'unknown-key' : simulator.addKey(account);
  expect(await probeKey(site, key, NEVER)).toMatchObject(verdict);
  expect(simulator.requests).toMatchObject([{ body: {}, stream: null }]);
});

test.each<[number, string, string]>([
  [429, '1113', 'refused'],
  [429, '1308', 'refused'],
  [429, '1302', 'unknown'],
  [500, '1234', 'unknown'],
  [400, '1214', 'known'],
])('an answer of %d with the code %s makes it %s', async (status, code, verdict) => {
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => Response.json({ error: { code, message: 'x' } }, { status }),
  });
  const site = { baseUrl: server.url.origin, proxyUrl: null };
  expect(await probeKey(site, 'a-key', NEVER)).toMatchObject({ verdict });
});
