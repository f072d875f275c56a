import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, served } from '../support/ask.ts';
import { askTokenPool, tokensChecked } from '../support/ask-token-pool.ts';
import { expectKeptSecrets } from '../support/expect-kept-secrets.ts';
import { startGateway } from '../support/start-gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withGateway } from '../support/with-gateway.ts';
import { jsonAnswer, serverErrorAnswer } from '../support/zai-web/answers.ts';
import { tokensUsed } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');
const NO_TOKENS = { ANONYMOUS_MODE: 'false', ZAI_TOKENS: '' };
const AUTHS = '/api/v1/auths/';

const checksOf = ({ requests }: ZaiWebSimulator) =>
  requests.filter(({ path, headers }) => path === AUTHS && headers.authorization !== undefined);

describe('the token pool’s API', () => {
  test('adds, checks, disables and deletes tokens, and chats follow', () =>
    withGateway({ script: ANSWER, env: NO_TOKENS }, async ({ gateway, simulator }) => {
      const call = (...args: [string, string, unknown?]) => askTokenPool(gateway, ...args);
      const [alice, bob, guest, dead] = [
        simulator.addAccount({ userId: 'alice' }),
        simulator.addAccount({ userId: 'bob' }),
        simulator.addAccount({ role: 'guest' }),
        simulator.addAccount(),
      ];
      simulator.revokeToken(dead);
      expect((await ask(gateway)).status).toBe(502);

      const updated = await call('POST', 'update', [alice, guest, dead, alice]);
      const results = updated.body.data.map(({ result }: { result: string }) => result);
      expect(results).toEqual(['added', 'refused', 'refused', 'already_there']);
      const added = await call('POST', 'tokens', { token: bob });
      expect(added).toMatchObject({ status: 201, body: { user_id: 'bob', health: 'healthy' } });
      expect([await ask(gateway), await ask(gateway)]).toEqual(Array(2).fill(served(1, 'Hello.')));
      expect(tokensUsed(simulator).toSorted()).toEqual([alice, bob].toSorted());

      const aliceId = updated.body.data[0].id;
      simulator.revokeToken(alice);
      const health = await call('POST', 'health-check');
      expect(health.body.data).toMatchObject([
        { id: aliceId, result: 'dead', reason: expect.stringContaining('expired') },
        { id: added.body.id, result: 'alive' },
      ]);
      expect(await ask(gateway)).toEqual(served(1, 'Hello.'));

      await call('PATCH', `tokens/${added.body.id}`, { disabled: true });
      expect((await ask(gateway)).status).toBe(502);
      await call('PATCH', `tokens/${added.body.id}`, { disabled: false });
      expect(await ask(gateway)).toEqual(served(1, 'Hello.'));

      const listed = await call('GET', 'tokens');
      expect(listed.body.data).toMatchObject([
        { user_id: 'alice', health: 'out', counts: { completed: 1 } },
        { user_id: 'bob', health: 'healthy', counts: { completed: 3, failed: 0 } },
      ]);
      expect((await call('GET', 'status')).body).toMatchObject({
        upstreams: [{ upstream: 'zai-web', ready: true, tokens: { total: 2, healthy: 1, out: 1 } }],
      });
      await call('DELETE', `tokens/${added.body.id}`);
      expect([(await ask(gateway)).status, (await call('GET', 'tokens')).body.data.length]).toEqual(
        [502, 1],
      );
      expectKeptSecrets(gateway, simulator, [alice, bob, guest, dead]);
    }));

  test('says so when the service can’t be asked', () =>
    withGateway({ env: NO_TOKENS }, async ({ gateway, simulator }) => {
      simulator.scriptCall(AUTHS, { answer: serverErrorAnswer() });
      const token = simulator.addAccount();
      const added = await askTokenPool(gateway, 'POST', 'tokens', { token });
      const updated = await askTokenPool(gateway, 'POST', 'update', [token]);
      expect([added.status, added.body.error.code, updated.body.data[0].result]).toEqual([
        503,
        'token_not_checked',
        'not_checked',
      ]);
    }));

  test('adds nothing more for a client that has left', () =>
    withGateway({ env: NO_TOKENS }, async ({ gateway, simulator }) => {
      simulator.scriptCall(AUTHS, { answer: serverErrorAnswer(), hangBeforeHeaders: createGate() });
      const leaving = new AbortController();
      const updating = gateway.fetch('/v1/token-pool/update', {
        method: 'POST',
        headers: { 'x-api-key': 'sk-test-admin' },
        body: JSON.stringify([simulator.addAccount()]),
        signal: leaving.signal,
      });
      await simulator.waitFor(({ requests }) => requests.length === 1);
      leaving.abort();
      expect(updating).rejects.toThrow();
      await updating.catch(() => undefined);
      simulator.scriptCall(AUTHS, null);
      expect((await askTokenPool(gateway, 'GET', 'tokens')).body.data).toEqual([]);
      expect(gateway.log.filter(({ level }) => level === 'error')).toEqual([]);
    }));
});

describe('a token of the settings', () => {
  test('is checked at the start, and a chat waits for that rather than be a guest', () =>
    withGateway({ script: ANSWER }, async ({ simulator }) => {
      const gate = createGate();
      const token = simulator.addAccount({ userId: 'alice' });
      const answer = jsonAnswer({ id: 'alice', role: 'user' });
      simulator.scriptCall(AUTHS, { answer, hangBeforeHeaders: gate });
      await using gateway = await startGateway(simulator, { env: { ZAI_TOKENS: token } });
      const reply = ask(gateway);
      const before = (await askTokenPool(gateway, 'GET', 'tokens')).body.data;
      await gate.reached;
      gate.open();
      expect(before).toMatchObject([{ health: 'checking', checked_at: null }]);
      expect([await reply, tokensUsed(simulator)]).toEqual([served(1, 'Hello.'), [token]]);
    }));

  test('that is a guest’s or dead is kept out, and shown with the reason', () => {
    const env = (simulator: ZaiWebSimulator) => {
      const [guest, dead] = [simulator.addAccount({ role: 'guest' }), simulator.addAccount()];
      simulator.revokeToken(dead);
      return { ZAI_TOKENS: [guest, dead, simulator.addAccount()].join(',') };
    };
    return withGateway({ script: ANSWER, env }, async ({ gateway }) => {
      await tokensChecked(gateway);
      expect((await askTokenPool(gateway, 'GET', 'tokens')).body.data).toMatchObject([
        { health: 'out', reason: expect.stringContaining('guest'), sources: ['setting'] },
        { health: 'out', reason: expect.stringContaining('expired') },
        { health: 'healthy', reason: null },
      ]);
      const replies = [await ask(gateway), await ask(gateway), await ask(gateway)];
      expect(replies).toEqual(Array(3).fill(served(1, 'Hello.')));
    });
  });

  test('is used unchecked when the service can’t be asked', () =>
    withGateway({ script: ANSWER }, async ({ simulator }) => {
      simulator.scriptCall(AUTHS, { answer: serverErrorAnswer() });
      const token = simulator.addAccount();
      await using gateway = await startGateway(simulator, { env: { ZAI_TOKENS: token } });
      expect([await ask(gateway), tokensUsed(simulator)]).toEqual([served(1, 'Hello.'), [token]]);
    }));
});

test('a restart forgets nothing', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'gateway.db');
  await using simulator = await startZaiWebSimulator({ script: ANSWER });
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((userId) =>
    simulator.addAccount({ userId }),
  ) as [string, string, string];
  const env = { ...NO_TOKENS, DATABASE_PATH: path, ZAI_TOKENS: `${alice},${bob}` };
  const shown: unknown[] = [];
  {
    await using gateway = await startGateway(simulator, { env });
    await tokensChecked(gateway);
    await ask(gateway);
    await ask(gateway);
    const added = await askTokenPool(gateway, 'POST', 'tokens', { token: carol });
    await askTokenPool(gateway, 'PATCH', `tokens/${added.body.id}`, { disabled: true });
    const { data } = (await askTokenPool(gateway, 'GET', 'tokens')).body;
    const bobs = data.find(({ user_id }: { user_id: string }) => user_id === 'bob');
    await askTokenPool(gateway, 'DELETE', `tokens/${bobs.id}`);
    shown.push((await askTokenPool(gateway, 'GET', 'tokens')).body.data);
  }
  const checks = checksOf(simulator).length;
  {
    await using gateway = await startGateway(simulator, { env });
    shown.push((await askTokenPool(gateway, 'GET', 'tokens')).body.data);
  }
  const byId = (one: { id: string }, other: { id: string }) => one.id.localeCompare(other.id);
  const [before, after] = shown as [{ id: string }[], { id: string }[]];
  expect(after.toSorted(byId)).toEqual(before.toSorted(byId));
  expect(before.map((token) => ({ ...token }))).toMatchObject([
    { user_id: 'alice', counts: { completed: 1 } },
    { user_id: 'carol', disabled: true },
  ]);
  expect(checksOf(simulator)).toHaveLength(checks);
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
  const stored = Buffer.concat(files).toString('latin1');
  expect([alice, bob, carol].map((token) => stored.includes(token))).toEqual([false, false, true]);
});

test('the token file is followed', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'tokens.txt');
  const env = { ...NO_TOKENS, TOKENS_FILE: path };
  await withGateway({ script: ANSWER, env }, async ({ gateway, simulator }) => {
    const users = async () =>
      (await askTokenPool(gateway, 'GET', 'tokens')).body.data.map(
        ({ user_id, sources }: { user_id: string; sources: string[] }) => [user_id, sources],
      );
    const alice = simulator.addAccount({ userId: 'alice' });
    const bob = simulator.addAccount({ userId: 'bob' });
    writeFileSync(path, `# mine\r\n${alice}, Bearer ${alice}\r\nnonsense\r\n`);
    while ((await users()).length !== 1);
    expect(await users()).toEqual([['alice', ['file']]]);
    expect(await ask(gateway)).toEqual(served(1, 'Hello.'));
    writeFileSync(path, `${bob}`);
    while ((await users())[0]?.[0] !== 'bob');
    expect(await users()).toEqual([['bob', ['file']]]);
    expect([await ask(gateway), tokensUsed(simulator)]).toEqual([
      served(1, 'Hello.'),
      [alice, bob],
    ]);
  });
});
