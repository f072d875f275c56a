import { CHAT_SETTINGS } from './chat-settings.ts';
import { byteCount, days, duration } from './quantity.ts';
import type { Setting, SettingValue } from './setting.ts';
import { boolean, integer, list, oneOf, origins, proxyUrl, text } from './setting-types.ts';
import { UPSTREAM_SETTINGS } from './upstream-settings.ts';

const DAY_MS = 86_400_000;

const timeout = duration({ min: 1, max: DAY_MS, inWords: 'more than 0, up to 24 h' });

/**
 * Every setting of the gateway, each written once: the type `Config`, the loader, the error report
 * and `docs/configuration.md` all come from this list. Names of older gateways are aliases.
 */
export const SETTINGS = {
  port: {
    name: 'PORT',
    aliases: ['LISTEN_PORT'],
    type: integer(0, 65_535),
    default: '8080',
    doc: 'Port to listen on; 0 takes any free one.',
  },
  host: {
    name: 'HOST',
    type: text('a host name or an IP address', /^[\w.:-]+$/),
    default: '0.0.0.0',
    doc: 'Address to listen on; `127.0.0.1` keeps it to this machine.',
  },
  apiKeys: {
    name: 'API_KEYS',
    aliases: ['API_KEY', 'AUTH_TOKEN', 'AUTH_TOKENS', 'DEFAULT_KEY'],
    type: list(),
    default: '',
    defaultInWords: 'generated at first start, stored beside the database, shown once',
    secret: true,
    doc: 'Keys that clients show, as `Authorization: Bearer` or `x-api-key`.',
  },
  skipAuth: {
    name: 'SKIP_AUTH',
    aliases: ['SKIP_AUTH_TOKEN'],
    type: boolean,
    default: 'false',
    doc: 'Serve everyone, without a client key.',
  },
  adminKey: {
    name: 'ADMIN_KEY',
    aliases: ['ADMIN_PASSWORD'],
    type: text('text without line breaks', /^.+$/),
    default: null,
    defaultInWords: 'generated at first start, stored beside the database, shown once',
    secret: true,
    doc: 'Key for the statistics and everything else that is for the operator only.',
  },
  ...UPSTREAM_SETTINGS,
  ...CHAT_SETTINGS,
  maxRetries: {
    name: 'MAX_RETRIES',
    type: integer(0, 20),
    default: '3',
    doc: 'Attempts after the first one; none is made once the reply has begun.',
  },
  maxConcurrency: {
    name: 'MAX_CONCURRENCY',
    type: integer(1, 60_000),
    default: '1000',
    doc: 'Requests served at once; the next ones wait.',
  },
  maxQueue: {
    name: 'MAX_QUEUE',
    type: integer(0, 1_000_000),
    default: '1000',
    doc: 'Requests that may wait; the next ones get 429.',
  },
  queueTimeoutMs: {
    name: 'QUEUE_TIMEOUT',
    type: duration({ min: 0, max: DAY_MS, inWords: 'up to 24 h' }),
    default: '30 s',
    doc: 'How long a request may wait; then it gets 503.',
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    type: byteCount({ min: 1024, max: 1024 ** 3, inWords: 'from 1 KiB to 1 GiB' }),
    default: '32 MiB',
    doc: 'The largest request body; a larger one gets 413.',
  },
  connectTimeoutMs: {
    name: 'CONNECT_TIMEOUT',
    type: timeout,
    default: '10 s',
    doc: 'How long an upstream may take to accept a connection.',
  },
  firstByteTimeoutMs: {
    name: 'FIRST_BYTE_TIMEOUT',
    type: timeout,
    default: '120 s',
    doc: "How long an upstream may take to begin its reply's body.",
  },
  idleTimeoutMs: {
    name: 'IDLE_TIMEOUT',
    type: timeout,
    default: '120 s',
    doc: 'How long an upstream may be silent in the middle of a reply.',
  },
  totalTimeoutMs: {
    name: 'TOTAL_TIMEOUT',
    type: timeout,
    default: '30 min',
    doc: 'How long one reply of an upstream may take in all.',
  },
  shutdownGraceMs: {
    name: 'SHUTDOWN_GRACE',
    type: duration({ min: 0, max: DAY_MS, inWords: 'up to 24 h' }),
    default: '25 s',
    doc: 'How long running replies may go on after SIGTERM; hosts commonly kill after 30 s.',
  },
  workers: {
    name: 'WORKERS',
    aliases: ['UVICORN_WORKERS'],
    type: integer(0, 256),
    default: (machine) => String(Math.max(1, machine.cores - 1)),
    defaultInWords: 'CPU cores − 1, at least 1',
    doc: 'Threads that carry the streams; 0 carries them on the main thread.',
  },
  httpProxy: {
    name: 'HTTP_PROXY',
    sharedAliases: ['http_proxy'],
    type: proxyUrl,
    default: null,
    defaultInWords: 'none',
    secret: true,
    doc: 'Proxy towards an upstream, or an image, with an `http:` URL.',
  },
  httpsProxy: {
    name: 'HTTPS_PROXY',
    sharedAliases: ['https_proxy'],
    type: proxyUrl,
    default: null,
    defaultInWords: 'none',
    secret: true,
    doc: 'Proxy towards an upstream, or an image, with an `https:` URL.',
  },
  noProxy: {
    name: 'NO_PROXY',
    sharedAliases: ['no_proxy'],
    type: list(
      'a list of hosts, separated by commas or spaces: example.com, .example.com, *',
      /[\s,]/,
    ),
    default: '',
    defaultInWords: 'none',
    doc: 'Hosts reached without a proxy.',
  },
  databasePath: {
    name: 'DATABASE_PATH',
    aliases: ['DB_PATH'],
    type: text('a path'),
    default: 'data/gateway.db',
    doc: 'SQLite file; generated keys are stored beside it.',
  },
  serviceName: {
    name: 'SERVICE_NAME',
    type: text(
      'letters, digits, ".", "_" and "-", at most 64, the first a letter or a digit',
      /^[A-Za-z0-9][\w.-]{0,63}$/,
    ),
    default: 'glm-gateway',
    doc: 'One gateway of this name runs on the folder of the database; a second one does not start.',
  },
  requestLogRetentionDays: {
    name: 'REQUEST_LOG_RETENTION',
    type: days({ min: 1, max: 3650, inWords: 'from 1 to 3650 days' }),
    default: '7 days',
    doc: 'How long the record of a request is kept.',
  },
  statsRetentionDays: {
    name: 'STATS_RETENTION',
    type: days({ min: 1, max: 3650, inWords: 'from 1 to 3650 days' }),
    default: '400 days',
    doc: 'How long the statistics of a day are kept; those of hours for 63 days, of minutes for 2.',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    type: origins,
    default: '*',
    doc: 'Origins whose pages may call the gateway.',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    type: boolean,
    default: 'false',
    doc: "Whether `X-Forwarded-For` is believed for the client's address.",
  },
  dashboardEnabled: {
    name: 'DASHBOARD_ENABLED',
    type: boolean,
    default: 'true',
    doc: 'Whether `/dashboard` shows what happens, to whoever has the admin key.',
  },
  docsEnabled: {
    name: 'DOCS_ENABLED',
    type: boolean,
    default: 'true',
    doc: 'Whether `/docs` shows what the gateway can be asked, to everyone.',
  },
  metricsEnabled: {
    name: 'METRICS_ENABLED',
    type: boolean,
    default: 'true',
    doc: 'Whether `/metrics` shows numbers for Prometheus, to those who have the admin key.',
  },
  metricsPublic: {
    name: 'METRICS_PUBLIC',
    type: boolean,
    default: 'false',
    doc: 'Whether it shows them to everyone, without a key.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    switches: { DEBUG_LOGGING: 'debug', DEBUG_MODE: 'debug' },
    type: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      warning: 'warn',
      critical: 'fatal',
    }),
    default: 'info',
    doc: 'The least important line that is logged.',
  },
  logFormat: {
    name: 'LOG_FORMAT',
    type: oneOf(['json', 'pretty']),
    default: (machine) => (machine.stdoutIsTerminal ? 'pretty' : 'json'),
    defaultInWords: '`json`; `pretty` on a terminal',
    doc: 'How log lines look.',
  },
} as const satisfies Record<string, Setting<unknown>>;

/** The settings as the rest of the gateway sees them. Units are in the names; null = not set. */
export type Config = {
  readonly [Key in keyof typeof SETTINGS]: SettingValue<(typeof SETTINGS)[Key]>;
};
