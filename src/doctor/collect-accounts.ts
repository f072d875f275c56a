import { readFileSync } from 'node:fs';
import { DEFAULT_TOKENS_FILE } from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import { parseAccountTokens } from '../credentials/account-tokens.ts';
import type { Credential } from '../credentials/credential.ts';
import { parseTokenFile } from '../credentials/parse-token-file.ts';
import { type Finding, finding } from './diagnosis.ts';
import { readStoredCredentials } from './stored-credentials.ts';

type AccountSettings = Pick<Config, 'zaiTokens' | 'tokensFile' | 'databasePath'>;

/** The accounts that a gateway would lend, and what is odd about where they come from. */
export interface CollectedAccounts {
  accounts: readonly Credential[];
  findings: readonly Finding[];
}

/** Accounts of the setting, of the token file, and of the database, each once. */
export function collectAccounts(config: AccountSettings): CollectedAccounts {
  const set = parseAccountTokens(config.zaiTokens);
  const file = readTokenFile(config.tokensFile);
  const { added, unused } = readStoredCredentials(config.databasePath, 'zai-web');
  const all = new Map([...set.accounts, ...file.accounts, ...added].map((one) => [one.id, one]));
  const refused = set.refused.map(({ position, reason }) =>
    finding('warning', 'ZAI_TOKENS', `entry ${position} is not used: ${reason}`),
  );
  const disabled = [...all.keys()]
    .filter((id) => unused.has(id))
    .map((id) => finding('warning', `account ${id}`, 'disabled or deleted by hand'));
  return {
    accounts: [...all.values()].filter(({ id }) => !unused.has(id)),
    findings: [...refused, ...file.findings, ...disabled],
  };
}

function readTokenFile(configured: string | null): {
  accounts: readonly Credential[];
  findings: Finding[];
} {
  const path = configured ?? DEFAULT_TOKENS_FILE;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    // Nobody has named the default file: it need not be there.
    const isMissed = configured !== null || code !== 'ENOENT';
    const odd = finding('warning', 'TOKENS_FILE', `${path} can't be read: ${code}`);
    return { accounts: [], findings: isMissed ? [odd] : [] };
  }
  const { accounts, refusedLines } = parseTokenFile(text);
  const lines = `${path} has what is no token in line ${refusedLines.join(', ')}`;
  const findings = refusedLines.length > 0 ? [finding('warning', 'TOKENS_FILE', lines)] : [];
  return { accounts, findings };
}
