import { configuredWebSite } from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import { checkCredentials } from '../credentials/check-credentials.ts';
import type { Credential } from '../credentials/credential.ts';
import { mintGuest } from '../credentials/mint-guest.ts';
import { validateCredential } from '../credentials/validate-credential.ts';
import type { LiveModel } from '../upstream/live-model.ts';
import { callWeb } from '../upstream/zai-web/call-web.ts';
import { browserHeaders } from '../upstream/zai-web/headers.ts';
import { fetchLiveModels } from '../upstream/zai-web/live-models.ts';
import type { WebSite } from '../upstream/zai-web/web-site.ts';
import { collectAccounts } from './collect-accounts.ts';
import { describeWay } from './describe-way.ts';
import { type Finding, finding } from './diagnosis.ts';
import type { UpstreamExamination } from './examine-upstreams.ts';
import { failed, inTime } from './in-time.ts';

/** Whether chats would meet a captcha, nothing but a chat shows. */
const CAPTCHA = finding(
  'unknown',
  'captcha',
  'not checked: only a chat would tell; with keys of the official API (ZAI_API_KEYS) none matters',
);

/** The web chat: whether it answers, what it says of each account, and whether it admits guests. */
export async function examineWeb(config: Config): Promise<UpstreamExamination> {
  const site = configuredWebSite(config);
  const way = [finding('stated', 'site', site.baseUrl), describeWay(site.proxyUrl)];
  const answers = await examinePage(site);
  if (answers.state === 'failed') {
    return { section: sectionOf([...way, answers]), servable: false, models: null };
  }
  const { accounts, findings: doubts } = collectAccounts(config);
  const examined = await examineAccounts(site, accounts);
  const guest = examined.usable === null ? await findGuest(config, site) : null;
  const usable = examined.usable ?? guest?.credential ?? null;
  const models = usable === null ? null : await listModels(site, usable);
  const found = [...doubts, ...examined.findings, ...(guest?.findings ?? [])];
  return {
    section: sectionOf([...way, answers, ...found, CAPTCHA]),
    servable: usable !== null,
    models,
  };
}

function sectionOf(findings: readonly Finding[]) {
  return { title: 'Upstream zai-web', findings };
}

async function examinePage(site: WebSite): Promise<Finding> {
  const { baseUrl, proxyUrl } = site;
  const call = { method: 'GET', url: `${baseUrl}/`, proxyUrl, secret: null } as const;
  const headers = browserHeaders(site, '/');
  const page = await inTime((signal) => callWeb({ ...call, headers }, signal), failed);
  if (!page.ok) return finding('failed', 'answers', page.failure.message);
  await page.value.body?.cancel();
  return finding('ok', 'answers', 'yes');
}

/** `usable`: the first account that the service knows, or at least has not refused. */
async function examineAccounts(
  site: WebSite,
  accounts: readonly Credential[],
): Promise<{ findings: Finding[]; usable: Credential | null }> {
  const verdicts = await checkCredentials(
    ({ secret }, signal) => validateCredential(site, secret, signal),
    accounts,
    new AbortController().signal,
  );
  let usable: Credential | null = null;
  const findings = accounts.map((account, index): Finding => {
    const verdict = verdicts[index];
    const subject = `account ${account.id}`;
    if (verdict?.verdict === 'refused') return finding('failed', subject, verdict.reason);
    usable ??= account;
    if (verdict?.verdict === 'account') return finding('ok', subject, 'Z.ai knows it');
    return finding('unknown', subject, verdict?.failure.message ?? 'not checked');
  });
  return { findings, usable };
}

/** Who serves when no account does. */
async function findGuest(
  { anonymousMode }: Config,
  site: WebSite,
): Promise<{ findings: Finding[]; credential: Credential | null }> {
  if (!anonymousMode) {
    const lack = finding('failed', 'accounts', 'none is usable, and guests are not allowed');
    return { findings: [lack], credential: null };
  }
  const minted = await inTime((signal) => mintGuest(site, signal), failed);
  return minted.ok
    ? { findings: [finding('ok', 'guest', 'Z.ai admits guests')], credential: minted.value }
    : { findings: [finding('failed', 'guest', minted.failure.message)], credential: null };
}

async function listModels(site: WebSite, { secret }: Credential): Promise<LiveModel[] | null> {
  const listed = await inTime((signal) => fetchLiveModels(site, secret, signal), failed);
  return listed.ok ? listed.value : null;
}
