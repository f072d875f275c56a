import { expect, test } from 'bun:test';
import { examplesPage } from '../../src/docs/examples-page.ts';
import { type Page, respondPage } from '../../src/docs/page.ts';
import { REFERENCE_PAGE } from '../../src/docs/reference-page.ts';

const PAGES: [string, Page][] = [
  ['the reference', REFERENCE_PAGE],
  ['the examples', examplesPage('http://gateway.example:8080')],
];

test.each(PAGES)('%s may load and ask its own gateway only', (_name, page) => {
  const policy = respondPage(page).headers.get('content-security-policy') ?? '';
  const sources = policy.split('; ').map((directive) => directive.split(' ').slice(1));
  expect(policy).toStartWith("default-src 'none'; ");
  expect(
    sources.flat().filter((source) => !/^'(none|self|sha256-.+)'$|^data:$/.test(source)),
  ).toEqual([]);
});

test.each(PAGES)('%s names no other host to load from', async (_name, page) => {
  const html = await respondPage(page).text();
  const loaded = [...html.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"/g)];
  expect(loaded.length).toBeGreaterThan(1);
  expect(
    loaded.map(([, url]) => url).filter((url) => !/^(\/docs\/|data:,$)/.test(url ?? '')),
  ).toEqual([]);
});

test.each(PAGES)('the policy allows the script of %s, by its hash', async (_name, page) => {
  const response = respondPage(page);
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(await response.text()) ?? [];
  const hash = new Bun.CryptoHasher('sha256').update(script).digest('base64');
  expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
});

test('the examples carry the address the gateway was reached at', async () => {
  const html = await respondPage(examplesPage('https://glm.example')).text();
  expect(html).not.toContain('%ORIGIN%');
  expect(html).toContain(
    'curl <span class="origin">https://glm.example</span>/v1/chat/completions',
  );
});

test('an address that is markup stays text', async () => {
  const html = await respondPage(examplesPage('http://"><script>alert(1)</script>')).text();
  expect(html).not.toContain('<script>alert');
});
