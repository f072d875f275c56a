import { expect, test } from 'bun:test';
import { tmpdir } from 'node:os';
import { loadConfig } from '../../src/config/load-config.ts';
import { listSettings } from '../../src/doctor/list-settings.ts';

function detailsOf(env: Record<string, string>): Record<string, string> {
  const loaded = loadConfig({ env, cwd: tmpdir(), machine: { cores: 4, stdoutIsTerminal: false } });
  const { findings } = listSettings(loaded);
  return Object.fromEntries(findings.map(({ subject, detail }) => [subject, detail]));
}

test.each<[string, Record<string, string>, string]>([
  ['PORT', {}, '8080  (default)'],
  ['PORT', { LISTEN_PORT: '99' }, '99  (environment, as LISTEN_PORT)'],
  ['QUEUE_TIMEOUT', { QUEUE_TIMEOUT: '1500ms' }, '1.5 s  (environment)'],
  ['REQUEST_LOG_RETENTION', {}, '7 days  (default)'],
  ['MAX_BODY_BYTES', { MAX_BODY_BYTES: '2KiB' }, '2048 bytes  (environment)'],
  ['MODEL_ALIASES', { MODEL_ALIASES: 'a=b, c*=d' }, 'a=b, c*=d  (environment)'],
  ['UPSTREAMS', { UPSTREAMS: 'zai-web,zai-api' }, 'zai-web, zai-api  (environment)'],
  ['ZAI_TOKENS', { ZAI_TOKENS: 'one,two' }, '2 set, hidden  (environment)'],
  ['ADMIN_KEY', { ADMIN_KEY: 'hush' }, 'set, hidden  (environment)'],
  ['HTTPS_PROXY', { https_proxy: 'http://u:p@x:1' }, 'set, hidden  (environment, as https_proxy)'],
  ['ZAI_SIGNING_SECRET', {}, "the web page's public constant  (default)"],
  [
    'ZAI_API_BASE_URL',
    { ZAI_API_BASE_URL: 'https://me:hush@x.example/v1?key=hush' },
    'https://x.example/v1?… (with a login)  (environment)',
  ],
])('%s of %j is shown as %s', (name, env, detail) => {
  expect(detailsOf(env)[name]).toBe(detail);
});

test('what a start would warn of is there too', () => {
  expect(detailsOf({ SKIP_AUTH: 'true', HOST: '0.0.0.0' })).toHaveProperty('notice');
});
