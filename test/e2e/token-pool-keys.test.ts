import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askTokenPool } from '../support/ask-token-pool.ts';
import { expectKeptSecrets } from '../support/expect-kept-secrets.ts';
import { outcomeOf } from '../support/outcome-of.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withApiGateway } from '../support/with-api-gateway.ts';
import { plainAnswer } from '../support/zai-api/scenarios/answers.ts';
import { startZaiApiSimulator, type ZaiApiSimulator } from '../support/zai-api/simulator.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');
const SERVED = { status: 200, upstream: 'zai-api', text: 'Hello.', code: null };
const REFUSED = { status: 502, text: null, code: 'upstream_credentials_exhausted' };

const keysUsed = ({ requests }: ZaiApiSimulator) =>
  requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
const tokensOf = async (gateway: TestGateway) =>
  (await askTokenPool(gateway, 'GET', 'tokens')).body.data;

test('a key that was refused serves again when it is declared healthy', () =>
  withApiGateway({ script: ANSWER }, async ({ gateway, api, keys }) => {
    const [key = ''] = keys;
    api.changeKey(key, { expired: true });
    expect(await outcomeOf(gateway)).toMatchObject(REFUSED);
    api.changeKey(key, { expired: false });
    expect(await outcomeOf(gateway)).toMatchObject(REFUSED);
    const [out] = await tokensOf(gateway);
    expect(out).toMatchObject({ upstream: 'zai-api', health: 'out', reason: expect.any(String) });

    const checked = await askTokenPool(gateway, 'POST', 'health-check');
    expect(checked.body.data).toMatchObject([{ id: out.id, result: 'unknown' }]);
    await askTokenPool(gateway, 'PATCH', `tokens/${out.id}`, { health: 'healthy' });
    expect(await outcomeOf(gateway)).toMatchObject(SERVED);
    expect((await tokensOf(gateway))[0]).toMatchObject({
      health: 'healthy',
      counts: { completed: 1, failed: 1 },
    });
    expect(keysUsed(api)).toEqual([key, key]);
  }));

test('a key that is added while the gateway runs serves', () =>
  withApiGateway({ script: ANSWER, keys: [] }, async ({ gateway, api }) => {
    expect(await outcomeOf(gateway)).toMatchObject(REFUSED);
    const key = api.addKey();
    const added = await askTokenPool(gateway, 'POST', 'tokens', { token: key });
    expect([added.status, added.body.kind]).toEqual([201, 'api-key']);
    expect(await outcomeOf(gateway)).toMatchObject(SERVED);
    expect(JSON.stringify(gateway.log)).not.toContain(key.split('.')[1]);
  }));

test('a key that was added outlives a restart, and one that was deleted stays away', async () => {
  using folder = temporaryFolder();
  await using web = await startZaiWebSimulator();
  await using api = await startZaiApiSimulator({ script: ANSWER });
  const [given, added, deleted] = [api.addKey(), api.addKey(), api.addKey()];
  const env = {
    UPSTREAMS: 'zai-api',
    ZAI_API_KEYS: given,
    ZAI_API_BASE_URL: api.baseUrl,
    ZAI_API_DIALECT: 'zai',
    DATABASE_PATH: join(folder.path, 'gateway.db'),
  };
  {
    await using gateway = await startGateway(web, { env });
    await askTokenPool(gateway, 'POST', 'update', [added, deleted]);
    const ids = (await tokensOf(gateway)).map(({ id }: { id: string }) => id);
    expect(ids).toHaveLength(3);
    for (const id of [ids[0], ids[2]]) await askTokenPool(gateway, 'DELETE', `tokens/${id}`);
    expectKeptSecrets(gateway, web, [given, added, deleted]);
  }
  await using gateway = await startGateway(web, { env });
  expect(await tokensOf(gateway)).toMatchObject([{ sources: ['api'], kind: 'api-key' }]);
  expect(await outcomeOf(gateway)).toMatchObject(SERVED);
  expect(keysUsed(api)).toEqual([added]);

  const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
  const stored = Buffer.concat(files).toString('latin1');
  expect([given, added, deleted].map((key) => stored.includes(key))).toEqual([false, true, false]);
});
