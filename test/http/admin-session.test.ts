import { describe, expect, test } from 'bun:test';
import { createAdminSessions } from '../../src/http/admin-session.ts';

const HOUR_MS = 3_600_000;
const plain = { secure: false };
const write = { 'x-dashboard': '1' };

function cookieOf(setCookie: string): string {
  return setCookie.split(';')[0] ?? '';
}

function visit(cookie: string, headers: Record<string, string> = {}, method = 'GET'): Request {
  return new Request('http://gateway/v1/stats', { method, headers: { cookie, ...headers } });
}

describe('a session', () => {
  test('is a cookie that scripts and other sites do not get, and over https no plain connection', () => {
    const sessions = createAdminSessions('adm');
    const attributes = 'Path=/; Max-Age=86400; HttpOnly; SameSite=Strict';
    expect(sessions.begin(plain)).toEndWith(`; ${attributes}`);
    expect(sessions.begin({ secure: true })).toEndWith(`; ${attributes}; Secure`);
  });

  test('says nothing of the key, and no two are alike', () => {
    const sessions = createAdminSessions('adm', () => 5);
    const [one, other] = [sessions.begin(plain), sessions.begin(plain)];
    expect(one).not.toBe(other);
    expect(one).not.toContain('adm');
  });

  test('holds in another process with the same key, and in none with another', () => {
    const cookie = cookieOf(createAdminSessions('adm').begin(plain));
    expect(createAdminSessions('adm').admits(visit(`theme=dark; ${cookie}`))).toBe(true);
    expect(createAdminSessions('other').admits(visit(cookie))).toBe(false);
  });

  test('ends after a day', () => {
    let now = 1_000;
    const sessions = createAdminSessions('adm', () => now);
    const cookie = cookieOf(sessions.begin(plain));
    now += 24 * HOUR_MS - 1;
    expect(sessions.admits(visit(cookie))).toBe(true);
    now += 1;
    expect(sessions.admits(visit(cookie))).toBe(false);
  });

  test('is prolonged by being used, once an hour', () => {
    let now = 0;
    const sessions = createAdminSessions('adm', () => now);
    const cookie = cookieOf(sessions.begin(plain));
    expect(sessions.renew(visit(cookie), plain)).toBeNull();
    now += HOUR_MS;
    const renewed = sessions.renew(visit(cookie), plain);
    now += 23.5 * HOUR_MS;
    expect(sessions.admits(visit(cookieOf(renewed ?? '')))).toBe(true);
    expect(sessions.renew(visit(cookie), plain)).toBeNull();
  });

  test.each(['', '..', 'x', '1.2.3', `${Date.now()}.AAAA.AAAA`])(
    'cannot be made up: %p',
    (value) => {
      expect(createAdminSessions('adm').admits(visit(`glm_gateway_session=${value}`))).toBe(false);
    },
  );

  test('of another time than it was signed for is not valid', () => {
    const sessions = createAdminSessions('adm');
    const cookie = cookieOf(sessions.begin(plain));
    const later = cookie.replace(/=\d+/, (issued) => `=${Number(issued.slice(1)) + 1}`);
    expect(sessions.admits(visit(later))).toBe(false);
  });
});

describe('a request in a session', () => {
  const sessions = createAdminSessions('adm');
  const cookie = cookieOf(sessions.begin(plain));
  const own = { host: 'gateway:8080', origin: 'http://gateway:8080' };

  test.each<[string, Record<string, string>]>([
    ['GET', {}],
    ['GET', { 'sec-fetch-site': 'none' }],
    ['GET', { 'sec-fetch-site': 'same-origin' }],
    ['POST', { ...write, ...own }],
    ['POST', { ...write, host: 'gateway:8080', origin: 'https://gateway:8080' }],
    ['DELETE', { ...write, 'sec-fetch-site': 'same-origin', origin: 'https://outside' }],
  ])('of a page of this gateway is admitted: %s %p', (method, headers) => {
    expect(sessions.admits(visit(cookie, headers, method))).toBe(true);
  });

  test.each<[string, Record<string, string>]>([
    ['GET', { 'sec-fetch-site': 'cross-site' }],
    ['GET', { 'sec-fetch-site': 'same-site' }],
    ['POST', own],
    ['POST', { ...write, host: 'gateway:8080', origin: 'http://gateway:3000' }],
    ['POST', { ...write, host: 'gateway:8080', origin: 'null' }],
    ['POST', { ...write, ...own, 'sec-fetch-site': 'same-site' }],
  ])('of another page is not: %s %p', (method, headers) => {
    expect(sessions.admits(visit(cookie, headers, method))).toBe(false);
  });
});
