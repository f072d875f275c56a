import { UPSTREAM_IDS } from '../upstream-id.ts';
import { duration } from './quantity.ts';
import type { Setting } from './setting.ts';
import { boolean, httpUrl, integer, list, listOf, oneOf, text } from './setting-types.ts';
import { ZAI_SIGNING_SECRET, ZAI_USER_AGENT } from './zai-web-defaults.ts';

const DAY_MS = 86_400_000;

/** The upstreams and their credentials. Part of the one list in `settings.ts`. */
export const UPSTREAM_SETTINGS = {
  upstreams: {
    name: 'UPSTREAMS',
    type: listOf(UPSTREAM_IDS),
    default: null,
    defaultInWords: '`zai-api` when it has keys, then `zai-web`',
    doc:
      'Where requests go, in order of preference: the web chat, the official API. One that fails as ' +
      'a whole hands its requests to the next.',
  },
  zaiTokens: {
    name: 'ZAI_TOKENS',
    aliases: ['ZAI_TOKEN', 'UPSTREAM_TOKEN', 'BACKUP_TOKEN'],
    sharedAliases: ['TOKEN'],
    type: list(),
    default: '',
    defaultInWords: 'none',
    secret: true,
    doc: 'Tokens of chat.z.ai accounts to serve requests with.',
  },
  tokensFile: {
    name: 'TOKENS_FILE',
    aliases: ['AUTH_TOKENS_FILE'],
    type: text('a path'),
    default: null,
    defaultInWords: '`tokens.txt`, if it is there',
    doc:
      'File with more of them, separated by newlines or commas; `#` begins a comment. Read again ' +
      'when it changes.',
  },
  anonymousMode: {
    name: 'ANONYMOUS_MODE',
    type: boolean,
    default: 'true',
    doc: 'Serve as a guest of chat.z.ai when no account token is usable.',
  },
  guestPoolSize: {
    name: 'GUEST_POOL_SIZE',
    type: integer(0, 100),
    default: '3',
    doc:
      'Fresh guests kept ready for the next conversations, each of which has a guest to itself; ' +
      '0 gets one when a conversation needs it.',
  },
  tokenFailureThreshold: {
    name: 'TOKEN_FAILURE_THRESHOLD',
    type: integer(1, 1000),
    default: '3',
    doc: 'Failures in a row after which a credential is set aside for a while.',
  },
  tokenRecoveryTimeoutMs: {
    name: 'TOKEN_RECOVERY_TIMEOUT',
    type: duration({ min: 1, max: 7 * DAY_MS, inWords: 'more than 0, up to 7 days' }),
    default: '1800 s',
    doc: 'How long it is set aside; then one request tries it again.',
  },
  credentialConcurrency: {
    name: 'CREDENTIAL_CONCURRENCY',
    type: integer(0, 60_000),
    default: '0',
    defaultInWords: '0, no limit',
    doc: 'Requests that one credential carries at once; the next ones wait for another to end.',
  },
  upstreamRecoveryTimeoutMs: {
    name: 'UPSTREAM_RECOVERY_TIMEOUT',
    type: duration({ min: 1, max: DAY_MS, inWords: 'more than 0, up to 24 h' }),
    default: '30 s',
    doc:
      'How long an upstream that fails for everyone is left alone before one request tries it ' +
      'again; doubles with each failed try, up to 10 minutes.',
  },
  zaiApiKeys: {
    name: 'ZAI_API_KEYS',
    aliases: ['ZAI_API_KEY', 'ZHIPU_API_KEY'],
    type: list(),
    default: '',
    defaultInWords: 'none',
    secret: true,
    doc: 'Keys of the official API, or of the server behind `ZAI_API_BASE_URL`.',
  },
  zaiApiBaseUrl: {
    name: 'ZAI_API_BASE_URL',
    type: httpUrl,
    default: 'https://api.z.ai/api/paas/v4',
    doc:
      'Base URL of the official API. Mainland China: `https://open.bigmodel.cn/api/paas/v4`. Any ' +
      "OpenAI-compatible server with GLM models will do. The Coding Plan's endpoint is for coding " +
      "tools only, by the vendor's policy.",
  },
  zaiApiDialect: {
    name: 'ZAI_API_DIALECT',
    type: oneOf(['auto', 'zai', 'openai-compatible']),
    default: 'auto',
    doc:
      "What is spoken at `ZAI_API_BASE_URL`: Z.ai's own parameters, or OpenAI's as vLLM and SGLang " +
      "take them. `auto`: the former at Z.ai's hosts. A proxy before Z.ai wants `zai`.",
  },
  apiEndpoint: {
    name: 'API_ENDPOINT',
    aliases: ['UPSTREAM_URL'],
    type: httpUrl,
    default: 'https://chat.z.ai/api/v2/chat/completions',
    doc: 'Completions URL of the web upstream; its origin is the base of the other web calls.',
  },
  zaiSigningSecret: {
    name: 'ZAI_SIGNING_SECRET',
    type: text('text'),
    default: ZAI_SIGNING_SECRET,
    defaultInWords: "the web page's public constant",
    secret: true,
    doc: 'What requests to the web upstream are signed with.',
  },
  zaiFeVersion: {
    name: 'ZAI_FE_VERSION',
    type: text('a version like prod-fe-1.2.3', /^prod-fe-\d+\.\d+\.\d+$/),
    default: null,
    defaultInWords: 'read from the web page',
    doc: 'Front-end version claimed towards the web upstream (`X-FE-Version`).',
  },
  zaiUserAgent: {
    name: 'ZAI_USER_AGENT',
    type: text('printable ASCII text', /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/),
    default: ZAI_USER_AGENT,
    doc: '`User-Agent` towards the web upstream.',
  },
} as const satisfies Record<string, Setting<unknown>>;
