import { expect, test } from 'bun:test';
import { validateCredential } from '../../src/credentials/validate-credential.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';
import { closedOrigin, makeJwt } from '../upstream/zai-web/make-exchange.ts';

const NEVER = new AbortController().signal;
const siteAt = (baseUrl: string) => ({ baseUrl, userAgent: 'Mozilla/5.0 (test)', proxyUrl: null });
const PAGE = { headers: { 'content-type': 'text/html' } };

async function verdictOn(answer: () => Response) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  const verdict = await validateCredential(siteAt(server.url.origin), 'a.b.c', NEVER);
  await server.stop(true);
  return verdict;
}

test('an account’s token is shown as the web page does, and its user learned', async () => {
  await using simulator = await startZaiWebSimulator();
  const token = simulator.addAccount({ userId: 'alice' });
  const verdict = await validateCredential(siteAt(simulator.origin), token, NEVER);
  const [request] = simulator.requests;
  expect([verdict, request?.method, request?.path, request?.headers.authorization]).toEqual([
    { verdict: 'account', userId: 'alice' },
    'GET',
    '/api/v1/auths/',
    `Bearer ${token}`,
  ]);
});

test.each([
  ['a guest', 'guest', "Z.ai says that the token is a guest's, not an account's."],
  ['one of another role', 'pending', 'a role that may not chat'],
])('%s is refused', async (_, role, reason) => {
  await using simulator = await startZaiWebSimulator();
  const token = simulator.addAccount({ role });
  expect(await validateCredential(siteAt(simulator.origin), token, NEVER)).toEqual({
    verdict: 'refused',
    reason: expect.stringContaining(reason),
  });
});

test('a token that has expired is refused', async () => {
  await using simulator = await startZaiWebSimulator();
  const verdict = await validateCredential(siteAt(simulator.origin), makeJwt({ id: 'x' }), NEVER);
  expect(verdict).toEqual({
    verdict: 'refused',
    reason: expect.stringContaining('Your session has expired.'),
  });
});

test('an answer that names no role is no account’s', async () => {
  expect(await verdictOn(() => Response.json({ id: 'x' }))).toMatchObject({ verdict: 'refused' });
});

test.each([
  ['address-blocked', () => new Response('<html></html>', { ...PAGE, status: 405 })],
  ['address-blocked', () => new Response('<html></html>', PAGE)],
  ['rate-limited', () => Response.json({ detail: 'too many requests' }, { status: 429 })],
  ['verification-required', () => Response.json({ error: { code: 'FRONTEND_CAPTCHA_REQUIRED' } })],
  ['unavailable', () => new Response('', { status: 503 })],
  ['unavailable', () => Response.json([])],
] as const)('%s says nothing about the token (%#)', async (kind, answer) => {
  expect(await verdictOn(answer)).toMatchObject({ verdict: 'unknown', failure: { kind } });
});

test('a service that cannot be reached says nothing about the token', async () => {
  const verdict = await validateCredential(siteAt(await closedOrigin()), 'a.b.c', NEVER);
  expect(verdict).toMatchObject({ verdict: 'unknown', failure: { kind: 'unreachable' } });
});
