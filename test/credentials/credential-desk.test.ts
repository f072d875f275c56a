import { expect, test } from 'bun:test';
import { createCredential } from '../../src/credentials/credential.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { startRegistry } from './start-registry.ts';

const SECRET = 'a-key-of-the-official-api';
const KEY = createCredential('api-key', SECRET, '');
const NEVER = new AbortController().signal;

test('a token that is added although a setting names it stays when the setting no longer does', async () => {
  using database = openDatabase(':memory:');
  using one = startRegistry(database, { upstream: 'zai-api', check: null });
  one.registry.give('setting', [KEY]);
  const added = await one.desk.addAll([SECRET], NEVER);
  const before = one.desk.list().map(({ sources }) => sources);
  one.registry.give('setting', []);
  expect([added, before, one.desk.list().map(({ sources }) => sources), await one.use()]).toEqual([
    [{ result: 'already_there', id: KEY.id }],
    [['setting', 'api']],
    [['api']],
    KEY.id,
  ]);
});
