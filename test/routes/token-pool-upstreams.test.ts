import { describe, expect, test } from 'bun:test';
import { createCredential } from '../../src/credentials/credential.ts';
import { makeJwt } from '../upstream/zai-web/make-exchange.ts';
import { error, type TokenPoolStage, token, withTokenPool } from './with-token-pool.ts';

const ALICE = makeJwt({ id: 'alice' });
const [KEY, OTHER_KEY] = ['0123abcd.secret-of-the-first', '4567cdef.secret-of-the-second'];

/** The routes of a gateway that prefers the API, and has the web chat behind it. */
const withBoth = (run: (stage: TokenPoolStage) => Promise<void>) =>
  withTokenPool({ upstreams: ['zai-api', 'zai-web'] }, run);

const apiKey = (fields: object = {}) =>
  token({ upstream: 'zai-api', kind: 'api-key', user_id: null, checked_at: null, ...fields });
const newKey = (value = KEY) => ({ token: value, upstream: 'zai-api' });

async function addBoth({ ask }: TokenPoolStage): Promise<[account: string, key: string]> {
  const account = await ask('POST', 'tokens', { token: ALICE });
  const key = await ask('POST', 'tokens', newKey());
  return [account[1].id, key[1].id];
}

describe('an API key', () => {
  test('is added unchecked, and used at once', () =>
    withBoth(async ({ ask, 'zai-api': api }) => {
      const added = await ask('POST', 'tokens', newKey(` Bearer ${KEY}\n`));
      expect([added, await api.use()]).toEqual([[201, apiKey()], added[1].id]);
    }));

  test.each([
    ['nothing', ''],
    ['blanks', ' \t'],
    ['two words', 'one two'],
    ['no ASCII', 'sk-ключ'],
    ['a text', 'x'.repeat(4_097)],
  ])('can’t be %s', (_, value) =>
    withBoth(async ({ ask }) => {
      const message = expect.stringContaining('not an API key');
      expect(await ask('POST', 'tokens', newKey(value))).toEqual(
        error(422, 'token_refused', message, 'token'),
      );
    }),
  );

  test('comes with others, each with its answer', () =>
    withBoth(async ({ ask }) => {
      await ask('POST', 'tokens', newKey());
      const body = { tokens: [OTHER_KEY, KEY, 'two words', OTHER_KEY] };
      const [status, { added, data }] = await ask('POST', 'update?upstream=zai-api', body);
      const results = data.map(({ result }: { result: string }) => result);
      expect([status, added, results]).toEqual([
        200,
        1,
        ['added', 'already_there', 'refused', 'already_there'],
      ]);
    }));

  test('that is out serves again when it is declared healthy', () =>
    withBoth(async ({ ask, 'zai-api': api }) => {
      const { id } = (await ask('POST', 'tokens', newKey()))[1];
      await api.use('credential-rejected');
      const out = (await ask('GET', `tokens/${id}`))[1];
      const lost = await api.use();
      const healed = (await ask('PATCH', `tokens/${id}`, { health: 'healthy' }))[1];
      expect([out.health, out.reason, lost, healed.health, await api.use()]).toEqual([
        'out',
        'No.',
        'credential-rejected',
        'healthy',
        id,
      ]);
    }));

  test('can be disabled and deleted', () =>
    withBoth(async ({ ask, 'zai-api': api }) => {
      const { id } = (await ask('POST', 'tokens', newKey()))[1];
      expect([
        await ask('PATCH', `tokens/${id}`, { disabled: true }),
        await api.use(),
        await ask('DELETE', `tokens/${id}`),
        (await ask('GET', 'tokens'))[1].data,
      ]).toEqual([
        [200, apiKey({ id, disabled: true })],
        'credential-rejected',
        [200, { id, object: 'token', deleted: true }],
        [],
      ]);
    }));

  test('that only says that there is none can be disabled, not deleted', () =>
    withBoth(async ({ ask, 'zai-api': api }) => {
      const none = createCredential('api-key', '', '');
      api.registry.give('setting', [none]);
      const refused = await ask('DELETE', `tokens/${none.id}`);
      const disabled = await ask('PATCH', `tokens/${none.id}`, { disabled: true });
      expect([refused, disabled[1].disabled]).toEqual([
        error(409, 'no_key_to_delete', expect.stringContaining('disabled')),
        true,
      ]);
    }));

  test('is never shown, nor an entry that is none', () =>
    withBoth(async ({ ask }) => {
      const answers = [
        await ask('POST', 'tokens', newKey()),
        await ask('POST', 'tokens', newKey()),
        await ask('POST', 'tokens', newKey(`${OTHER_KEY} and more`)),
        await ask('POST', 'update?upstream=zai-api', [KEY, `${OTHER_KEY} and more`]),
        await ask('POST', 'health-check'),
        await ask('GET', 'tokens'),
        await ask('GET', 'status'),
      ];
      const text = JSON.stringify(answers);
      const parts = ['0123abcd', 'secret-of-the-first', '4567cdef', 'secret-of-the-second'];
      expect(parts.filter((part) => text.includes(part))).toEqual([]);
    }));
});

describe('with two upstreams', () => {
  test('the list has the tokens of both in order of preference, or of one', () =>
    withBoth(async (stage) => {
      const { ask } = stage;
      const [account, key] = await addBoth(stage);
      const listed = async (query = '') => {
        const [, { data }] = await ask('GET', `tokens${query}`);
        return data.map(({ id, upstream, kind }: Record<string, string>) => [id, upstream, kind]);
      };
      const [accounts, keys] = [
        [account, 'zai-web', 'account'],
        [key, 'zai-api', 'api-key'],
      ];
      expect([
        await listed(),
        await listed('?upstream=zai-web'),
        await listed('?upstream=zai-api'),
      ]).toEqual([[keys, accounts], [accounts], [keys]]);
    }));

  test('an id is enough to say which token is meant', () =>
    withBoth(async (stage) => {
      const ids = await addBoth(stage);
      const answers = await Promise.all(ids.map((id) => stage.ask('GET', `tokens/${id}`)));
      expect(answers.map(([, { upstream }]) => upstream)).toEqual(['zai-web', 'zai-api']);
    }));

  test('the check answers in the order asked, and can’t tell of keys', () =>
    withBoth(async (stage) => {
      const { ask } = stage;
      const [account, key] = await addBoth(stage);
      stage['zai-api'].pool.setHealth(key, { state: 'out', reason: 'Blocked.' });
      const accounts = { id: account, result: 'alive', reason: null };
      const keys = { id: key, result: 'unknown', reason: expect.stringContaining('no call') };
      expect([
        (await ask('POST', 'health-check'))[1].data,
        (await ask('POST', 'health-check', { ids: [account, key, account] }))[1].data,
        (await ask('POST', 'health-check', { ids: [key] }))[1].data,
        (await ask('GET', `tokens/${key}`))[1].health,
      ]).toEqual([[keys, accounts], [accounts, keys], [keys], 'out']);
    }));

  test('the status tells of each in order of preference', () =>
    withBoth(async (stage) => {
      await addBoth(stage);
      await stage['zai-api'].use('credential-rejected');
      expect((await stage.ask('GET', 'status'))[1]).toMatchObject({
        upstreams: [
          { upstream: 'zai-api', ready: false, tokens: { total: 1, out: 1 }, guests: null },
          { upstream: 'zai-web', ready: true, tokens: { total: 1, healthy: 1 } },
        ],
      });
    }));

  test.each([
    ['GET', 'tokens?upstream=x', undefined],
    ['POST', 'update?upstream=x', []],
    ['POST', 'tokens', { token: KEY, upstream: 'x' }],
  ])('there is no third: %s %s %j', (method, path, body) =>
    withBoth(async ({ ask }) => {
      expect(await ask(method, path, body)).toEqual(
        error(400, 'invalid_value', "'upstream' must be 'zai-web' or 'zai-api'.", 'upstream'),
      );
    }),
  );
});

describe('what names no upstream is added to', () => {
  test.each([
    [['zai-api', 'zai-web'], 'zai-web'],
    [['zai-web'], 'zai-web'],
    [['zai-api'], 'zai-api'],
  ] as const)('of %j: %s', (upstreams, expected) =>
    withTokenPool({ upstreams }, async ({ ask }) => {
      const added = [
        await ask('POST', 'tokens', { token: ALICE }),
        await ask('POST', 'update', [makeJwt({ id: 'bob' })]),
      ];
      const { data } = (await ask('GET', 'tokens'))[1];
      expect([
        added.map(([status]) => status),
        data.map(({ upstream }: { upstream: string }) => upstream),
      ]).toEqual([
        [201, 200],
        [expected, expected],
      ]);
    }),
  );
});

test.each([
  ['GET', 'tokens?upstream=zai-api', undefined],
  ['POST', 'update?upstream=zai-api', [KEY]],
  ['POST', 'tokens', newKey()],
])('an upstream that is off takes nothing: %s %s', (method, path, body) =>
  withTokenPool({ upstreams: ['zai-web'] }, async ({ ask, 'zai-api': api }) => {
    const message = expect.stringContaining('UPSTREAMS');
    expect([await ask(method, path, body), api.registry.list()]).toEqual([
      error(400, 'upstream_off', message, 'upstream'),
      [],
    ]);
  }),
);
