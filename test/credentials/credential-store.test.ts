import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CredentialChange,
  createCredentialStore,
  type StoredCredential,
} from '../../src/credentials/credential-store.ts';
import type { Health } from '../../src/credentials/health.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { account } from './verdicts.ts';

const ALICE = account('alice');
const OUT: Health = { state: 'out', reason: 'dead' };
const STRUCK: Health = { state: 'healthy', strikes: 2 };
const NO_COUNTS = { completed: 0, failed: 0, cancelled: 0, lastUsedAtMs: null };

const storeOf = (database: Database) => createCredentialStore(database, 'zai-web');

const change = (fields: Partial<CredentialChange> = {}): CredentialChange => ({
  credential: ALICE,
  checkedAtMs: null,
  counts: NO_COUNTS,
  health: [],
  ...fields,
});

const untouched: StoredCredential = {
  id: ALICE.id,
  kind: 'account',
  userId: 'alice',
  secret: null,
  addedAtMs: 1,
  checkedAtMs: null,
  disabled: false,
  deleted: false,
  counts: NO_COUNTS,
  health: new Map(),
};

describe('the credential store', () => {
  test('has a row from the first change on, without the secret', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    store.save([change()], 1);
    expect([store.load(), store.find(ALICE.id), store.find('other')]).toEqual([
      [untouched],
      untouched,
      null,
    ]);
  });

  test('adds counts up, whoever saves them', () => {
    using database = openDatabase(':memory:');
    const [one, other] = [storeOf(database), storeOf(database)];
    one.save([change({ counts: { completed: 2, failed: 1, cancelled: 0, lastUsedAtMs: 50 } })], 1);
    other.save(
      [change({ counts: { completed: 3, failed: 0, cancelled: 4, lastUsedAtMs: 40 } })],
      2,
    );
    expect(one.find(ALICE.id)?.counts).toEqual({
      completed: 5,
      failed: 1,
      cancelled: 4,
      lastUsedAtMs: 50,
    });
  });

  test('keeps the later of two healths, for each model', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    const at = (updatedAtMs: number, model: string, health: Health) =>
      store.save([change({ health: [{ model, health, updatedAtMs }] })], 1);
    at(10, '', OUT);
    at(9, '', STRUCK);
    at(5, 'glm-5', OUT);
    at(5, 'glm-5', STRUCK);
    expect(store.find(ALICE.id)?.health).toEqual(
      new Map<string, Health>([
        ['', OUT],
        ['glm-5', STRUCK],
      ]),
    );
  });

  test('remembers when it was last checked, and whose it is', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    store.save([change({ checkedAtMs: 7 })], 1);
    store.save([change({ credential: { ...ALICE, userId: 'alice-2' } })], 2);
    expect(store.load()).toEqual([{ ...untouched, checkedAtMs: 7, userId: 'alice-2' }]);
  });

  test('keeps the secret of what is added', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    store.save([change()], 1);
    store.add(ALICE, 5, 5);
    expect(store.load()).toEqual([{ ...untouched, secret: ALICE.secret, checkedAtMs: 5 }]);
  });

  test('wipes what is deleted, and takes no more health of it', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    store.add(ALICE, 1, 1);
    store.setDisabled(ALICE, true, 2);
    store.save([change({ health: [{ model: '', health: OUT, updatedAtMs: 2 }] })], 2);
    store.delete(ALICE, 3);
    store.save([change({ health: [{ model: '', health: OUT, updatedAtMs: 4 }] })], 4);
    expect(store.load()).toEqual([{ ...untouched, checkedAtMs: 1, deleted: true }]);
  });

  test('leaves nothing of a deleted secret in the file', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    const holders = Array.from({ length: 20 }, (_, i) => account(`user ${i} `.repeat(30)));
    for (const holder of holders) store.add(holder, 1, 1);
    for (const holder of holders.slice(0, 10)) store.delete(holder, 2);
    const file = Buffer.from(database.serialize());
    expect(holders.map(({ secret }) => file.includes(secret.slice(0, 100)))).toEqual([
      ...Array(10).fill(false),
      ...Array(10).fill(true),
    ]);
  });

  test('leaves nothing of a deleted secret in what SQLite puts beside the file', () => {
    using folder = temporaryFolder();
    using database = openDatabase(join(folder.path, 'gateway.db'));
    const store = storeOf(database);
    store.add(ALICE, 1, 1);
    store.delete(ALICE, 2);
    const files = readdirSync(folder.path);
    const holding = files.filter((name) =>
      readFileSync(join(folder.path, name)).includes(ALICE.secret),
    );
    expect([files.length > 1, holding]).toEqual([true, []]);
  });

  test('brings back what was deleted as if it were new, but for its counts', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    const counts = { ...NO_COUNTS, completed: 3 };
    store.save([change({ counts, health: [{ model: '', health: OUT, updatedAtMs: 2 }] })], 1);
    store.setDisabled(ALICE, true, 2);
    store.delete(ALICE, 3);
    store.add(ALICE, 9, 9);
    expect(store.load()).toEqual([
      { ...untouched, secret: ALICE.secret, addedAtMs: 9, checkedAtMs: 9, counts },
    ]);
  });

  test('can delete and disable what it has never seen', () => {
    using database = openDatabase(':memory:');
    const store = storeOf(database);
    store.delete(ALICE, 1);
    store.setDisabled(account('bob'), true, 2);
    expect(store.load().map(({ deleted, disabled }) => [deleted, disabled])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('keeps the upstreams apart', () => {
    using database = openDatabase(':memory:');
    createCredentialStore(database, 'zai-api').add(ALICE, 1, 1);
    expect(storeOf(database).load()).toEqual([]);
  });

  test('saves all changes or none', () => {
    using database = openDatabase(':memory:');
    database.run(`CREATE TRIGGER refuse BEFORE INSERT ON credentials WHEN NEW.user_id = 'bad'
      BEGIN SELECT RAISE(FAIL, 'refused'); END`);
    const store = storeOf(database);
    expect(() => store.save([change(), change({ credential: account('bad') })], 1)).toThrow();
    expect(store.load()).toEqual([]);
  });

  test('tells what another connection has done, once, and not its own doing', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'gateway.db');
    using mine = openDatabase(path);
    using theirs = openDatabase(path);
    const store = storeOf(mine);
    store.add(ALICE, 1, 1);
    const changes = [store.changedElsewhere()];
    storeOf(theirs).setDisabled(ALICE, true, 2);
    changes.push(store.changedElsewhere(), store.changedElsewhere());
    expect(changes).toEqual([false, true, false]);
  });
});
