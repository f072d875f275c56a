import { describe, expect, test } from 'bun:test';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { spawnGateway } from '../support/gateway-process.ts';
import { type CommandEnd, runCommand } from '../support/run-command.ts';
import { ADMIN_KEY, CLIENT_KEY } from '../support/start-gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { OPEN_WEIGHTS } from '../support/zai-api/open-weights.ts';
import { startZaiApiSimulator, type ZaiApiSimulator } from '../support/zai-api/simulator.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';
import { statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../support/zai-web/simulator.ts';

interface Clinic {
  web: ZaiWebSimulator;
  api: ZaiApiSimulator;
  /** Settings that point at both. */
  env: Record<string, string>;
  examine(env?: Record<string, string>): Promise<CommandEnd>;
}

/** Runs a test with both services, and a folder that the doctor is started in. */
async function withClinic(run: (clinic: Clinic) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  await using web = await startZaiWebSimulator();
  await using api = await startZaiApiSimulator();
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    API_KEYS: CLIENT_KEY,
    ADMIN_KEY,
    API_ENDPOINT: web.completionsUrl,
    ZAI_API_BASE_URL: api.baseUrl,
    ZAI_API_DIALECT: 'zai',
    DATABASE_PATH: join(folder.path, 'gateway.db'),
  };
  const examine = (more = {}) =>
    runCommand(['doctor'], { cwd: folder.path, env: { ...env, ...more } });
  await run({ web, api, env, examine });
}

/** The lines of a section. */
function linesOf({ stdout }: CommandEnd, title: string): string[] {
  const section = stdout.split('\n\n').find((text) => text.startsWith(`${title}\n`)) ?? '';
  return section.split('\n').slice(1);
}

const marked = (mark: string, ...words: string[]) =>
  expect.stringMatching(new RegExp(`^ +${mark.replace('?', '\\?')} +.*${words.join('.*')}`));

describe('the doctor', () => {
  test('finds all in order, and ends with 0', () =>
    withClinic(async ({ web, api, examine }) => {
      const secrets = [web.addAccount(), api.addKey()];
      const end = await examine({ ZAI_TOKENS: secrets[0] ?? '', ZAI_API_KEYS: secrets[1] ?? '' });
      expect({ code: end.exitCode, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
      expect(linesOf(end, 'Upstream zai-api')).toEqual([
        expect.stringContaining(api.baseUrl),
        marked('ok', 'proxy', 'none'),
        marked('ok', 'answers'),
        marked('ok', 'key [0-9a-f]{12}', 'Z.ai knows it'),
      ]);
      expect(linesOf(end, 'Upstream zai-web')).toEqual([
        expect.stringContaining(web.origin),
        marked('ok', 'proxy', 'none'),
        marked('ok', 'answers'),
        marked('ok', 'account [0-9a-f]{12}', 'Z.ai knows it'),
        marked('?', 'captcha', 'not checked'),
      ]);
      expect(end.stdout).not.toMatch(/^ +(FAIL|warn) /m);
    }));

  test('asks for no completion', () =>
    withClinic(async ({ web, api, examine }) => {
      await examine({ ZAI_TOKENS: web.addAccount(), ZAI_API_KEYS: api.addKey() });
      expect(completionsOf(web)).toEqual([]);
      expect(api.requests.filter(({ refusal }) => refusal === null)).toEqual([]);
    }));

  test('shows no secret', () =>
    withClinic(async ({ web, api, examine }) => {
      const [token, key, dead] = [web.addAccount(), api.addKey(), 'dead-key-of-nobody'];
      const { stdout, stderr } = await examine({
        ZAI_TOKENS: `${token},not-a-token-at-all`,
        ZAI_API_KEYS: `${key},${dead}`,
        HTTPS_PROXY: 'http://user:password@proxy.example:3128',
        ZAI_API_BASE_URL: api.baseUrl.replace('http://', 'http://login:passphrase@'),
      });
      const secrets = [CLIENT_KEY, ADMIN_KEY, token, key, dead, 'not-a-token', 'pass'];
      expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
    }));

  test('says where each setting comes from', () =>
    withClinic(async ({ env, examine }) => {
      writeFileSync(join(env.DATABASE_PATH ?? '', '../.env'), 'MODEL_NAME=GLM-4.5\nMAX_QUEUE=7\n');
      const lines = linesOf(await examine(), 'Settings');
      expect(lines).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/DEFAULT_MODEL +GLM-4\.5 +\(\.env, as MODEL_NAME\)/),
          expect.stringMatching(/MAX_QUEUE +7 +\(\.env\)/),
          expect.stringMatching(/API_KEYS +1 set, hidden +\(environment\)/),
          expect.stringMatching(/QUEUE_TIMEOUT +30 s +\(default\)/),
        ]),
      );
    }));

  test('finds a gateway that runs on the same data, and does not disturb it', () =>
    withClinic(async ({ web, env, examine }) => {
      await using gateway = await spawnGateway(web, env);
      const before = statSync(env.DATABASE_PATH ?? '').mode;
      const { port } = new URL(gateway.origin);
      const end = await examine({ PORT: port });
      expect(end.exitCode).toBe(0);
      expect(linesOf(end, 'Gateway')).toEqual([
        expect.stringContaining(`running: pid ${gateway.pid} on `),
        marked('ok', `port ${port}`, `in use, while the gateway runs .pid ${gateway.pid}`),
      ]);
      expect(linesOf(end, 'Database')).toEqual([
        marked('ok', 'file'),
        marked('ok', 'schema', 'version \\d+$'),
        marked('ok', 'integrity', 'sound'),
      ]);
      expect([
        (await gateway.fetch('/health')).status,
        statSync(env.DATABASE_PATH ?? '').mode,
      ]).toEqual([200, before]);
    }));

  test('takes a server of one’s own that asks for no key', async () => {
    await using server = await startZaiApiSimulator({ service: OPEN_WEIGHTS });
    await withClinic(async ({ examine }) => {
      const end = await examine({
        UPSTREAMS: 'zai-api',
        ZAI_API_BASE_URL: server.baseUrl,
        ZAI_API_DIALECT: 'auto',
      });
      expect([end.exitCode, linesOf(end, 'Upstream zai-api').slice(2)]).toEqual([
        0,
        [marked('ok', 'answers'), marked('ok', 'none asked for', 'it lists 2 models')],
      ]);
      expect(linesOf(end, 'Models')).toContainEqual(marked('ok', 'DEFAULT_MODEL', 'of zai-api'));
    });
  });

  test('takes guests when there is no account', () =>
    withClinic(async ({ examine }) => {
      const end = await examine();
      expect([end.exitCode, linesOf(end, 'Upstream zai-web')]).toEqual([
        0,
        expect.arrayContaining([marked('ok', 'guest', 'Z.ai admits guests')]),
      ]);
    }));
});

describe('the doctor ends with 69 when no request could be served:', () => {
  test('the port is somebody else’s', () =>
    withClinic(async ({ examine }) => {
      using stranger = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
      const end = await examine({ PORT: String(stranger.port) });
      expect([end.exitCode, linesOf(end, 'Gateway')]).toEqual([
        69,
        [expect.stringContaining('not running'), marked('FAIL', `port ${stranger.port}`)],
      ]);
    }));

  test('the database is none', () =>
    withClinic(async ({ env, examine }) => {
      writeFileSync(env.DATABASE_PATH ?? '', 'this is no database, and never was one');
      const end = await examine();
      expect([end.exitCode, linesOf(end, 'Database')]).toEqual([
        69,
        [marked('FAIL', 'file', 'Cannot read the database')],
      ]);
    }));

  test('a firewall is before the web chat, and no key is there', () =>
    withClinic(async ({ web, examine }) => {
      web.scriptCall('/', statusErrors[405]());
      const end = await examine();
      expect([end.exitCode, linesOf(end, 'Upstream zai-web').at(-1)]).toEqual([
        69,
        marked('FAIL', 'answers', 'firewall'),
      ]);
    }));

  test('the one account is refused, and guests are not allowed', () =>
    withClinic(async ({ web, examine }) => {
      const ZAI_TOKENS = web.addAccount();
      web.scriptCall('/api/v1/auths/', statusErrors[401]());
      const end = await examine({ ZAI_TOKENS, ANONYMOUS_MODE: 'false' });
      expect([end.exitCode, linesOf(end, 'Upstream zai-web')]).toEqual([
        69,
        expect.arrayContaining([
          marked('FAIL', 'account'),
          marked('FAIL', 'accounts', 'none is usable'),
        ]),
      ]);
    }));

  test.each([
    ['has expired', { expired: true }],
    ['is unknown', null],
  ])('the one key %s', (_, account) =>
    withClinic(async ({ api, examine }) => {
      const key = account === null ? 'unknown-key-123' : api.addKey(account);
      const end = await examine({ UPSTREAMS: 'zai-api', ZAI_API_KEYS: key });
      expect([end.exitCode, linesOf(end, 'Upstream zai-api').at(-1)]).toEqual([
        69,
        marked('FAIL', 'key', "refused the gateway's key"),
      ]);
    }),
  );

  test('no key is there', () =>
    withClinic(async ({ examine }) => {
      const end = await examine({ UPSTREAMS: 'zai-api' });
      expect([end.exitCode, linesOf(end, 'Upstream zai-api').at(-1)]).toEqual([
        69,
        marked('FAIL', 'keys', 'set ZAI_API_KEYS'),
      ]);
    }));

  test('nobody answers', () =>
    withClinic(async ({ examine }) => {
      const dead = 'http://127.0.0.1:9';
      const end = await examine({
        API_ENDPOINT: `${dead}/api/v2/chat/completions`,
        ZAI_API_BASE_URL: dead,
        ZAI_API_KEYS: 'some-key-1',
      });
      const failure = marked('FAIL', 'answers', 'could not be reached');
      expect([
        end.exitCode,
        linesOf(end, 'Upstream zai-api').at(-1),
        linesOf(end, 'Upstream zai-web').at(-1),
      ]).toEqual([69, failure, failure]);
    }));
});

test('the doctor ends with 78 when the settings are wrong, and says what is', () =>
  withClinic(async ({ examine }) => {
    const { exitCode, stdout, stderr } = await examine({ PORT: '70000', WORKERS: 'x' });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 78,
      stdout: '',
      stderr: expect.stringMatching(/PORT[\s\S]+WORKERS/),
    });
  }));

test.each([
  ['--help', 0, expect.stringContaining('doctor'), ''],
  ['--version', 0, `${packageJson.version}\n`, ''],
  ['--frobnicate', 64, '', expect.stringContaining("'--frobnicate' is not known")],
])('%s is answered without a gateway', async (argument, exitCode, stdout, stderr) => {
  using folder = temporaryFolder();
  expect(await runCommand([argument], { cwd: folder.path })).toEqual({ exitCode, stdout, stderr });
});
