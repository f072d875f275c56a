import { expect, test } from 'bun:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { createCredential } from '../../src/credentials/credential.ts';
import { createCredentialStore } from '../../src/credentials/credential-store.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { examineApi } from '../../src/doctor/examine-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** No database is there. */
const NOWHERE = join(tmpdir(), crypto.randomUUID());

const error = (code: string, status: number) => () =>
  Response.json({ error: { code, message: 'x' } }, { status });

/** What is found at a service that answers everybody so. */
async function examineAt(
  answer: (request: Request) => Response,
  dialect = 'zai',
  DATABASE_PATH = NOWHERE,
) {
  using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  const env = {
    ZAI_API_BASE_URL: server.url.origin,
    ZAI_API_KEYS: 'key-one,key-two',
    ZAI_API_DIALECT: dialect,
    DATABASE_PATH,
  };
  const { section, servable } = await examineApi(loadConfig({ env, cwd: tmpdir() }).config);
  const states = section.findings
    .slice(2)
    .map(({ subject, state }) => [subject.split(' ')[0], state]);
  return { states, servable };
}

test('a service that looks at the form first tells nothing of keys, which may be good', async () => {
  expect(await examineAt(error('1214', 400))).toEqual({
    states: [
      ['answers', 'ok'],
      ['key', 'unknown'],
      ['key', 'unknown'],
    ],
    servable: true,
  });
});

test('one good key of two is enough', async () => {
  const answer = ({ headers }: Request) =>
    headers.get('authorization') === 'Bearer key-two' ? error('1213', 400)() : error('1000', 401)();
  expect(await examineAt(answer)).toEqual({
    states: [
      ['answers', 'ok'],
      ['key', 'failed'],
      ['key', 'ok'],
    ],
    servable: true,
  });
});

test.each([
  ['fails', error('1234', 500)],
  ['is no such API', error('', 404)],
  ['serves whoever asks', () => Response.json({ ok: true })],
])('a service that %s can not serve', async (_, answer) => {
  expect(await examineAt(answer)).toEqual({ states: [['answers', 'failed']], servable: false });
});

test('a compatible server tells by its list of models', async () => {
  const answer = ({ headers }: Request) =>
    headers.get('authorization') === 'Bearer key-two'
      ? Response.json({ data: [{ id: 'a' }] })
      : Response.json({ error: 'Unauthorized' }, { status: 401 });
  expect(await examineAt(answer, 'openai-compatible')).toEqual({
    states: [
      ['answers', 'ok'],
      ['key', 'failed'],
      ['key', 'ok'],
    ],
    servable: true,
  });
});

test('a compatible server that fails can not serve', async () => {
  expect(await examineAt(error('', 500), 'openai-compatible')).toMatchObject({ servable: false });
});

test('keys of the database count too, and disabled ones do not', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'gateway.db');
  using database = openDatabase(path);
  const store = createCredentialStore(database, 'zai-api');
  store.add(createCredential('api-key', 'key-three', ''), null, 1);
  store.setDisabled(createCredential('api-key', 'key-one', ''), true, 1);
  const shown = new Set<string | null>();
  await examineAt(
    ({ headers }) => {
      shown.add(headers.get('authorization'));
      return error('1000', 401)();
    },
    'zai',
    path,
  );
  expect(shown).toEqual(new Set([null, 'Bearer key-two', 'Bearer key-three']));
});
