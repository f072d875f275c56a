import {
  configuredApiKeys,
  configuredApiSite,
  configuredDialect,
} from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import { showUrl } from '../config/show-url.ts';
import { createCredential } from '../credentials/credential.ts';
import type { LiveModel } from '../upstream/live-model.ts';
import type { ApiSite } from '../upstream/zai-api/api-site.ts';
import { listApiModels } from '../upstream/zai-api/list-models.ts';
import { type KeyVerdict, probeApi, probeKey } from '../upstream/zai-api/probe-key.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import { describeWay } from './describe-way.ts';
import { type Finding, finding } from './diagnosis.ts';
import type { UpstreamExamination } from './examine-upstreams.ts';
import { failed, inTime } from './in-time.ts';
import { readStoredCredentials } from './stored-credentials.ts';

/** What was found of the API itself, and of the keys; of keys nothing where it does not answer. */
interface Examined {
  answers: Finding;
  keys: readonly Finding[];
  models: readonly LiveModel[] | null;
}

/** The API: whether it answers, and what it says of each key, with requests that cost nothing. */
export async function examineApi(config: Config): Promise<UpstreamExamination> {
  const site = configuredApiSite(config);
  const lent = lentKeys(config);
  const isOfficial = configuredDialect(config) === 'zai';
  const { answers, keys, models } = isOfficial
    ? await examineOfficial(site, lent)
    : await examineCompatible(site, lent);
  const all = [
    finding('stated', 'base URL', showUrl(site.baseUrl)),
    describeWay(site.proxyUrl),
    answers,
    ...keys,
  ];
  const hasKey = keys.some(({ state }) => state === 'ok' || state === 'unknown');
  return {
    section: { title: 'Upstream zai-api', findings: all },
    servable: answers.state === 'ok' && hasKey,
    models,
  };
}

/** The keys of the settings and of the database, each once, but for those that are disabled. */
function lentKeys(config: Config): string[] {
  const { added, unused } = readStoredCredentials(config.databasePath, 'zai-api');
  const set = configuredApiKeys(config).map((key) => createCredential('api-key', key, ''));
  const lent = [...set, ...added].filter(({ id }) => !unused.has(id));
  return [...new Set(lent.map(({ secret }) => secret))];
}

/** Z.ai: a request without a key tells whether it is there, and whether it looks at keys first. */
async function examineOfficial(site: ApiSite, keys: readonly string[]): Promise<Examined> {
  const failure = await inTime<UpstreamFailure | null>(
    (signal) => probeApi(site, signal),
    (late) => late,
  );
  const looksAtKeysFirst = failure?.kind === 'credential-rejected';
  if (!looksAtKeysFirst && failure?.kind !== 'bad-request') {
    const reason = failure?.message ?? 'it serves whoever asks, which Z.ai does not.';
    return { answers: finding('failed', 'answers', reason), keys: [], models: null };
  }
  const found = await Promise.all(
    keys.map((key) => (looksAtKeysFirst ? examineKey(site, key) : uncheckedKey(key))),
  );
  const none = finding('failed', 'keys', 'there are none: set ZAI_API_KEYS');
  const answers = finding('ok', 'answers', 'yes');
  return { answers, keys: found.length > 0 ? found : [none], models: null };
}

async function examineKey(site: ApiSite, key: string): Promise<Finding> {
  const answer = await inTime<KeyVerdict>(
    (signal) => probeKey(site, key, signal),
    (failure) => ({ verdict: 'unknown', failure }),
  );
  if (answer.verdict === 'known') {
    return finding('ok', nameOf(key), 'Z.ai knows it; whether it has balance is not checked');
  }
  return finding(
    answer.verdict === 'refused' ? 'failed' : 'unknown',
    nameOf(key),
    answer.failure.message,
  );
}

function uncheckedKey(key: string): Finding {
  return finding('unknown', nameOf(key), 'not checked: only a completion would tell');
}

/** Servers of open weights: their list of models asks for the key as well. */
async function examineCompatible(site: ApiSite, keys: readonly string[]): Promise<Examined> {
  const found: Finding[] = [];
  let models: readonly LiveModel[] | null = null;
  let answers = finding('ok', 'answers', 'yes');
  for (const key of keys) {
    const listed = await inTime((signal) => listApiModels(site, key, signal), failed);
    if (listed.ok) {
      models = listed.value;
      found.push(finding('ok', nameOf(key), `it lists ${listed.value.length} models`));
      continue;
    }
    const { kind, message } = listed.failure;
    const isRefused = kind === 'credential-rejected' || kind === 'permission-denied';
    if (!isRefused && models === null) answers = finding('failed', 'answers', message);
    found.push(finding(isRefused ? 'failed' : 'unknown', nameOf(key), message));
  }
  return { answers, keys: found, models };
}

function nameOf(key: string): string {
  return key === '' ? 'key: none asked for' : `key ${createCredential('api-key', key, '').id}`;
}
