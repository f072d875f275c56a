import { describe, expect, test } from 'bun:test';
import { ADMIN_KEY } from '../support/start-gateway.ts';
import { type OpenApp, withApp } from '../support/with-app.ts';

const OWN = { 'x-dashboard': '1', 'sec-fetch-site': 'same-origin' };

function logIn(ask: OpenApp['ask'], key: string, headers: Record<string, string> = OWN) {
  return ask('/dashboard/session', { method: 'POST', headers, body: JSON.stringify({ key }) });
}

async function cookieOf(ask: OpenApp['ask']): Promise<string> {
  const response = await logIn(ask, ADMIN_KEY);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('the page', () => {
  test('is for everyone, and may load and ask nothing but this gateway', () =>
    withApp({}, async ({ ask }) => {
      const response = await ask('/dashboard');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/html; charset=utf-8',
      ]);
      expect(policy.split('; ')).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(await response.text()).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
    }));

  test('is small: its script and style are under 150 kB, packed', () =>
    withApp({}, async ({ ask }) => {
      const sizes: number[] = [];
      for (const path of ['/dashboard/assets/page.js', '/dashboard/assets/page.css']) {
        const response = await ask(path, { headers: { 'accept-encoding': 'gzip' } });
        expect(response.headers.get('content-encoding')).toBe('gzip');
        sizes.push((await response.arrayBuffer()).byteLength);
      }
      expect(Math.min(...sizes)).toBeGreaterThan(1_000);
      expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
    }));

  test('is not there when the setting says so, nor is anything else of it', () =>
    withApp({ DASHBOARD_ENABLED: 'false' }, async ({ ask }) => {
      const paths = ['/dashboard', '/dashboard/events', '/dashboard/assets/page.js'];
      const responses = await Promise.all(paths.map((path) => ask(path)));
      expect(responses.map(({ status }) => status)).toEqual([404, 404, 404]);
    }));
});

describe('a session', () => {
  test('opens the admin APIs to this browser, without the key', () =>
    withApp({}, async ({ ask }) => {
      const cookie = await cookieOf(ask);
      for (const path of [
        '/v1/stats',
        '/v1/requests',
        '/v1/token-pool/tokens',
        '/dashboard/system',
      ]) {
        const [without, within] = await Promise.all([
          ask(path),
          ask(path, { headers: { cookie } }),
        ]);
        expect([path, without.status, within.status]).toEqual([path, 401, 200]);
      }
    }));

  test('changes nothing for a page of another origin', () =>
    withApp({}, async ({ ask }) => {
      const cookie = await cookieOf(ask);
      const body = JSON.stringify({ token: 'x' });
      const add = (headers: Record<string, string>) =>
        ask('/v1/token-pool/tokens', { method: 'POST', headers: { cookie, ...headers }, body });
      const statuses = [
        await add({}),
        await add({ 'x-dashboard': '1', 'sec-fetch-site': 'same-site' }),
        await add({ 'x-dashboard': '1', host: 'gateway', origin: 'http://gateway:3000' }),
        await add(OWN),
      ].map(({ status }) => status);
      // The last one is heard, and is no token.
      expect(statuses).toEqual([401, 401, 401, 422]);
    }));

  test('is no client key', () =>
    withApp({}, async ({ ask }) => {
      const cookie = await cookieOf(ask);
      expect((await ask('/v1/models', { headers: { cookie } })).status).toBe(401);
    }));

  test('is not begun from a page of another origin, not even with the key', () =>
    withApp({}, async ({ ask }) => {
      const answer = await logIn(ask, ADMIN_KEY, { origin: 'http://outside' });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    }));

  test('over https travels by https only, if the proxy that says so is trusted', () =>
    withApp({ TRUST_PROXY: 'true' }, async ({ ask }) => {
      const answer = await logIn(ask, ADMIN_KEY, { ...OWN, 'x-forwarded-proto': 'https' });
      expect(answer.headers.get('set-cookie')).toEndWith('; Secure');
    }));
});

test('after five wrong keys there is a wait, also for the right one', () =>
  withApp({}, async ({ ask }) => {
    const statuses: number[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e', ADMIN_KEY]) {
      statuses.push((await logIn(ask, key)).status);
    }
    const { status, headers } = await logIn(ask, ADMIN_KEY);
    expect([statuses, status, Number(headers.get('retry-after')) > 0]).toEqual([
      [401, 401, 401, 401, 401, 429],
      429,
      true,
    ]);
  }));
