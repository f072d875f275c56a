import {
  configuredApiKeys,
  configuredApiSite,
  configuredDialect,
} from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import { showUrl } from '../config/show-url.ts';
import { createCredential } from '../credentials/credential.ts';
import { type ApiSite, listApiModels } from '../upstream/zai-api/list-models.ts';
import { type KeyVerdict, probeApi, probeKey } from '../upstream/zai-api/probe-key.ts';
import type { LiveModel } from '../upstream/zai-web/live-models.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import { describeWay } from './describe-way.ts';
import { type Finding, finding } from './diagnosis.ts';
import type { UpstreamExamination } from './examine-upstreams.ts';
import { failed, inTime } from './in-time.ts';
import { readStoredCredentials } from './stored-credentials.ts';

interface Examined {
  findings: readonly Finding[];
  models: readonly LiveModel[] | null;
}

/** The API: whether it answers, and what it says of each key, with requests that cost nothing. */
export async function examineApi(config: Config): Promise<UpstreamExamination> {
  const site = configuredApiSite(config);
  const keys = lentKeys(config);
  const isOfficial = configuredDialect(config) === 'zai';
  const { findings, models } = isOfficial
    ? await examineOfficial(site, keys)
    : await examineCompatible(site, keys);
  const all = [
    finding('stated', 'base URL', showUrl(site.baseUrl)),
    describeWay(site.proxyUrl),
    ...findings,
  ];
  const answers = findings.every(({ subject, state }) => subject !== 'answers' || state === 'ok');
  const hasKey = findings.some(
    ({ subject, state }) => subject.startsWith('key') && (state === 'ok' || state === 'unknown'),
  );
  return {
    section: { title: 'Upstream zai-api', findings: all },
    servable: answers && hasKey,
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
    return { findings: [finding('failed', 'answers', reason)], models: null };
  }
  const found = await Promise.all(
    keys.map((key) => (looksAtKeysFirst ? examineKey(site, key) : uncheckedKey(key))),
  );
  const none = finding('failed', 'keys', 'there are none: set ZAI_API_KEYS');
  const findings = [finding('ok', 'answers', 'yes'), ...(found.length > 0 ? found : [none])];
  return { findings, models: null };
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
  const findings: Finding[] = [];
  let models: readonly LiveModel[] | null = null;
  let answers = finding('ok', 'answers', 'yes');
  for (const key of keys) {
    const listed = await inTime((signal) => listApiModels(site, key, signal), failed);
    if (listed.ok) {
      models = listed.value;
      findings.push(finding('ok', nameOf(key), `it lists ${listed.value.length} models`));
      continue;
    }
    const { kind, message } = listed.failure;
    const isRefused = kind === 'credential-rejected' || kind === 'permission-denied';
    if (!isRefused && models === null) answers = finding('failed', 'answers', message);
    findings.push(finding(isRefused ? 'failed' : 'unknown', nameOf(key), message));
  }
  return { findings: [answers, ...findings], models };
}

function nameOf(key: string): string {
  return key === '' ? 'key: none asked for' : `key ${createCredential('api-key', key, '').id}`;
}
