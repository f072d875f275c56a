import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAccountToken } from '../../src/credentials/account-tokens.ts';
import type { Credential } from '../../src/credentials/credential.ts';
import { createCredentialStore } from '../../src/credentials/credential-store.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { collectAccounts } from '../../src/doctor/collect-accounts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeJwt } from '../upstream/zai-web/make-exchange.ts';

function account(id: string): Credential {
  const read = readAccountToken(makeJwt({ id }));
  if (read === null) throw new Error('that is a token');
  return read;
}

const ANN = account('ann');
const BEN = account('ben');
const CYD = account('cyd');
const DAN = account('dan');

function setUp(folder: string) {
  const settings = {
    zaiTokens: [ANN.secret, DAN.secret, 'nonsense'],
    tokensFile: join(folder, 'tokens.txt'),
    databasePath: join(folder, 'gateway.db'),
  };
  writeFileSync(settings.tokensFile, `# ours\n${ANN.secret}, ${BEN.secret}\nwhat?\n`);
  using database = openDatabase(settings.databasePath);
  const store = createCredentialStore(database, 'zai-web');
  store.add(CYD, null, 1);
  store.setDisabled(DAN, true, 1);
  return settings;
}

test('accounts come from the setting, the file and the database, each once, but for disabled ones', () => {
  using folder = temporaryFolder();
  const { accounts } = collectAccounts(setUp(folder.path));
  expect(accounts).toEqual([ANN, BEN, CYD]);
});

test('what is no token is told by its place, and what was disabled by its id', () => {
  using folder = temporaryFolder();
  const { findings } = collectAccounts(setUp(folder.path));
  expect(findings.map(({ state, subject, detail }) => [state, subject, detail])).toEqual([
    ['warning', 'ZAI_TOKENS', expect.stringContaining('entry 3')],
    ['warning', 'TOKENS_FILE', expect.stringContaining('line 3')],
    ['warning', `account ${DAN.id}`, 'disabled or deleted by hand'],
  ]);
});

test('a file that is named has to be there', () => {
  using folder = temporaryFolder();
  const databasePath = join(folder.path, 'gateway.db');
  const tokensFile = join(folder.path, 'gone.txt');
  expect(collectAccounts({ zaiTokens: [], tokensFile, databasePath })).toMatchObject({
    accounts: [],
    findings: [{ state: 'warning', detail: expect.stringContaining('ENOENT') }],
  });
});
