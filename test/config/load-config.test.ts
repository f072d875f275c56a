import { expect, test } from 'bun:test';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const MACHINE = { cores: 8, stdoutIsTerminal: false };

type Variables = Record<string, string>;

/** Loads from variables, and from files written to a fresh directory. */
async function load(env: Variables, files: Variables = {}, machine = MACHINE) {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'config-'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory.path, name), content);
  }
  return loadConfig({ env, cwd: directory.path, machine });
}

/** The messages of everything that is wrong. */
async function problemsOf(env: Variables, files: Variables = {}): Promise<string[]> {
  try {
    await load(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

test('without any setting, everything has its default', async () => {
  const { config, provenance, notices } = await load({});
  expect(config).toEqual({
    port: 8080,
    host: '0.0.0.0',
    apiKeys: [],
    skipAuth: false,
    adminKey: null,
    upstreams: null,
    zaiTokens: [],
    tokensFile: null,
    anonymousMode: true,
    guestPoolSize: 3,
    tokenFailureThreshold: 3,
    tokenRecoveryTimeoutMs: 1_800_000,
    credentialConcurrency: 0,
    upstreamRecoveryTimeoutMs: 30_000,
    zaiApiKeys: [],
    zaiApiBaseUrl: 'https://api.z.ai/api/paas/v4',
    zaiApiDialect: 'auto',
    apiEndpoint: 'https://chat.z.ai/api/v2/chat/completions',
    zaiSigningSecret: 'key-@@@@)))()((9))-xxxx&&&%%%%%',
    zaiFeVersion: null,
    zaiUserAgent: expect.stringContaining('Mozilla/5.0'),
    defaultModel: 'GLM-4.6',
    modelAliases: [],
    enableThinking: null,
    thinkingMode: 'reasoning',
    toolSupport: true,
    toolMode: 'auto',
    toolScanLimit: 200_000,
    defaultStream: false,
    maxRetries: 3,
    maxConcurrency: 1000,
    maxQueue: 1000,
    queueTimeoutMs: 30_000,
    maxBodyBytes: 33_554_432,
    connectTimeoutMs: 10_000,
    firstByteTimeoutMs: 120_000,
    idleTimeoutMs: 120_000,
    totalTimeoutMs: 1_800_000,
    workers: 7,
    httpProxy: null,
    httpsProxy: null,
    noProxy: [],
    databasePath: 'data/gateway.db',
    serviceName: 'glm-gateway',
    requestLogRetentionDays: 7,
    statsRetentionDays: 400,
    shutdownGraceMs: 25_000,
    corsOrigins: ['*'],
    trustProxy: false,
    dashboardEnabled: true,
    docsEnabled: true,
    metricsEnabled: true,
    metricsPublic: false,
    logLevel: 'info',
    logFormat: 'json',
  });
  expect(provenance.port).toEqual({ source: 'default', name: null });
  expect(notices).toEqual([]);
});

test('defaults follow the machine: one core still gets a worker, a terminal gets pretty lines', async () => {
  const { config } = await load({}, {}, { cores: 1, stdoutIsTerminal: true });
  expect([config.workers, config.logFormat]).toEqual([1, 'pretty']);
});

test('what a file has in the same words as the environment comes from the file, as Bun puts it there', async () => {
  const env = { PORT: '1', HOST: 'a', MAX_QUEUE: '3' };
  const files = {
    '.env.local': 'PORT=1\n',
    '.env': 'HOST=b\nPORT=2\n',
    'config.env': 'MAX_QUEUE=3',
  };
  const { config, provenance } = await load(env, files);
  expect([
    [config.port, provenance.port.source],
    [config.host, provenance.host.source],
    [config.maxQueue, provenance.maxQueue.source],
  ]).toEqual([
    [1, '.env.local'],
    ['a', 'environment'],
    [3, 'config.env'],
  ]);
});

test('the environment beats .env.local, which beats .env, which beats config.env', async () => {
  const files = {
    '.env.local': 'MAX_QUEUE=2\nMAX_RETRIES=2',
    '.env': 'MAX_QUEUE=3\nMAX_RETRIES=3\nWORKERS=3',
    'config.env': 'MAX_QUEUE=4\nMAX_RETRIES=4\nWORKERS=4\nPORT=4',
  };
  const { config, provenance } = await load({ MAX_QUEUE: '1' }, files);
  expect([config.maxQueue, config.maxRetries, config.workers, config.port]).toEqual([1, 2, 3, 4]);
  expect([
    provenance.maxQueue.source,
    provenance.maxRetries.source,
    provenance.workers.source,
    provenance.port.source,
  ]).toEqual(['environment', '.env.local', '.env', 'config.env']);
});

test('a file may have comments, quotes, exports, CRLF, a byte order mark and values of many lines', async () => {
  const content =
    '\uFEFFexport PORT=1 # one\r\n# two\r\nAPI_KEYS="a,\n b\n\nc,a"\r\nHOST=\'::1\'\r\n';
  const { config } = await load({}, { '.env': content });
  expect([config.port, config.apiKeys, config.host]).toEqual([1, ['a', 'b', 'c'], '::1']);
});

test('an empty or blank value counts as not set, and lets the next source speak', async () => {
  const { config } = await load({ PORT: '', API_KEYS: ' ' }, { '.env': 'PORT=1' });
  expect([config.port, config.apiKeys]).toEqual([1, []]);
});

test('an alias sets its setting, is kept as its provenance and noted at debug', async () => {
  const { config, provenance, notices } = await load({}, { '.env': 'UPSTREAM_URL=http://u:1/c' });
  expect(config.apiEndpoint).toBe('http://u:1/c');
  expect(provenance.apiEndpoint).toEqual({ source: '.env', name: 'UPSTREAM_URL' });
  expect(notices).toEqual([
    { level: 'debug', message: 'UPSTREAM_URL (.env) is an alias of API_ENDPOINT' },
  ]);
});

test('of names that agree the canonical one counts, though the texts differ', async () => {
  const { provenance } = await load({ AUTH_TOKEN: 'a\nb' }, { 'config.env': 'API_KEYS=a,b' });
  expect(provenance.apiKeys).toEqual({ source: 'config.env', name: 'API_KEYS' });
});

test('names of one setting that disagree are an error, also when they are in different places', async () => {
  const env = { PORT: '1', LISTEN_PORT: '2', MODEL_NAME: 'a' };
  expect(await problemsOf(env, { '.env': 'PRIMARY_MODEL=b' })).toEqual([
    'PORT (environment, "1") and LISTEN_PORT (environment, "2") are one setting but disagree; keep PORT only',
    'MODEL_NAME (environment, "a") and PRIMARY_MODEL (.env, "b") are one setting but disagree; keep DEFAULT_MODEL only',
  ]);
});

test("a name that belongs to other programs too counts alone, and never against the setting's own", async () => {
  const shared = { TOKEN: 'stranger', MODEL: 'stranger', http_proxy: 'http://stranger:1' };
  const alone = await load(shared);
  expect([alone.config.zaiTokens, alone.config.defaultModel, alone.config.httpProxy]).toEqual([
    ['stranger'],
    'stranger',
    'http://stranger:1/',
  ]);
  const own = await load(shared, {
    '.env': 'ZAI_TOKEN=own\nDEFAULT_MODEL=own\nHTTP_PROXY=http://own:1',
  });
  expect([own.config.zaiTokens, own.config.defaultModel, own.config.httpProxy]).toEqual([
    ['own'],
    'own',
    'http://own:1/',
  ]);
});

test('DEBUG_LOGGING and DEBUG_MODE mean debug when true, and nothing when false', async () => {
  const on = await load({ DEBUG_MODE: 'yes', DEBUG_LOGGING: 'false' });
  const off = await load({ DEBUG_MODE: '0', LOG_LEVEL: 'WARNING' });
  expect([on.config.logLevel, off.config.logLevel]).toEqual(['debug', 'warn']);
  expect(await problemsOf({ DEBUG_MODE: 'on', LOG_LEVEL: 'info' })).toHaveLength(1);
  expect(await problemsOf({ DEBUG_MODE: 'very' })).toEqual([
    'DEBUG_MODE (environment) is "very"; allowed: true or false (also 1/0, yes/no, on/off)',
  ]);
});

test('names of models that other gateways renamed add to the aliases, from wherever they are set', async () => {
  const { config, provenance, notices } = await load(
    { MODEL_ALIASES: 'gpt-4o=GLM-4.6', THINKING_MODEL: 'deep' },
    { '.env': 'THINKING_MODEL=shallow\nGLM_47_MODEL=newest' },
  );
  expect({ aliases: config.modelAliases, provenance: provenance.modelAliases, notices }).toEqual({
    aliases: [
      { name: 'gpt-4o', target: 'GLM-4.6' },
      { name: 'deep', target: 'GLM-4.5-Thinking' },
      { name: 'newest', target: 'GLM-4.7' },
    ],
    provenance: {
      source: 'environment',
      name: 'MODEL_ALIASES and THINKING_MODEL and GLM_47_MODEL',
    },
    notices: [
      { level: 'debug', message: 'THINKING_MODEL (environment) is an alias of MODEL_ALIASES' },
      { level: 'debug', message: 'GLM_47_MODEL (.env) is an alias of MODEL_ALIASES' },
    ],
  });
});

test('each renamed model has its own name for the model it speaks of', async () => {
  const { config } = await load({ THINKING_MODEL: 'a', SEARCH_MODEL: 'b', AIR_MODEL: 'c' });
  expect(config.modelAliases).toEqual([
    { name: 'a', target: 'GLM-4.5-Thinking' },
    { name: 'b', target: 'GLM-4.5-Search' },
    { name: 'c', target: 'GLM-4.5-Air' },
  ]);
});

test('one name for two models is an error, wherever they are set', async () => {
  const allowed = 'allowed: a list like gpt-4o=GLM-4.6, claude-*=GLM-4.7 with each name once';
  expect([
    await problemsOf({ MODEL_ALIASES: 'deep=GLM-5', THINKING_MODEL: 'Deep' }),
    await problemsOf({ AIR_MODEL: 'a,b' }),
  ]).toEqual([
    [
      `MODEL_ALIASES and THINKING_MODEL (environment) is "deep=GLM-5,Deep=GLM-4.5-Thinking"; ${allowed}`,
    ],
    [`AIR_MODEL (environment) is "a,b=GLM-4.5-Air"; ${allowed}`],
  ]);
});

test('the upstreams are those that are named, in that order', async () => {
  const { config } = await load({ UPSTREAMS: 'ZAI-WEB, zai-api' });
  expect(config.upstreams).toEqual(['zai-web', 'zai-api']);
  expect(await problemsOf({ UPSTREAMS: 'zai' })).toEqual([
    'UPSTREAMS (environment) is "zai"; allowed: a list of zai-web, zai-api, separated by commas',
  ]);
});

test('everything that is wrong is reported at once, with what is allowed', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'config-'));
  await mkdir(join(directory.path, '.env'));
  const env = { PORT: '65536', SKIP_AUTH: 'maybe', LISTEN_PORT: 'x' };
  const load = () => loadConfig({ env, cwd: directory.path, machine: MACHINE });
  expect(load).toThrow(
    new ConfigError([
      { name: '.env', message: ".env can't be read: EISDIR" },
      {
        name: 'PORT',
        message: 'PORT (environment) is "65536"; allowed: a whole number from 0 to 65535',
      },
      {
        name: 'PORT',
        message: 'LISTEN_PORT (environment) is "x"; allowed: a whole number from 0 to 65535',
      },
      {
        name: 'SKIP_AUTH',
        message:
          'SKIP_AUTH (environment) is "maybe"; allowed: true or false (also 1/0, yes/no, on/off)',
      },
    ]),
  );
});

test('the error is printed as one text and asks for exit code 78', () => {
  const error = new ConfigError([
    { name: 'A', message: 'A is wrong' },
    { name: 'B', message: 'B is wrong' },
  ]);
  expect([error.message, error.exitCode]).toEqual([
    '2 settings are wrong:\n  A is wrong\n  B is wrong',
    78,
  ]);
});

test("a secret's value appears in no error and no notice", async () => {
  const env = {
    API_KEYS: 'hush-1',
    API_KEY: 'hush-2',
    HTTPS_PROXY: 'socks5://user:hush-3@proxy',
    ADMIN_KEY: 'hush\n4',
  };
  const problems = await problemsOf(env);
  expect(problems).toEqual([
    'API_KEYS (environment) and API_KEY (environment) are one setting but disagree; keep API_KEYS only',
    'ADMIN_KEY (environment) has a wrong value (secret, not shown); allowed: text without line breaks',
    'HTTPS_PROXY (environment) has a wrong value (secret, not shown); allowed: the http:// or https:// URL of a proxy (SOCKS is not supported)',
  ]);
  const { notices } = await load({ ADMIN_PASSWORD: 'hush', ZAI_TOKEN: 'hush' });
  expect(notices).toHaveLength(2);
  expect(JSON.stringify(notices)).not.toContain('hush');
});

test('a name in a file that is nearly a setting is warned of; in the environment it is not', async () => {
  const { notices } = await load({ POTR: '1' }, { '.env': 'PROT=1\nAPIKEYS=a\nNODE_ENV=test' });
  expect(notices).toEqual([
    { level: 'warn', message: 'PROT (.env) is no setting; was PORT meant?' },
    { level: 'warn', message: 'APIKEYS (.env) is no setting; was API_KEYS meant?' },
  ]);
});

test('serving everyone is warned of unless only this machine can connect', async () => {
  const open = await load({ SKIP_AUTH: '1' });
  const local = await load({ SKIP_AUTH: '1', HOST: '127.0.0.1' });
  expect([open.notices.map(({ level }) => level), local.notices]).toEqual([['warn'], []]);
});
