import { describe, expect, test } from 'bun:test';
import { openDatabase } from '../../src/db/open-database.ts';
import { settle, startRegistry } from '../credentials/start-registry.ts';
import { BAD, GOOD, UNKNOWN } from '../credentials/verdicts.ts';
import { makeJwt } from '../upstream/zai-web/make-exchange.ts';
import {
  error,
  TOKEN_ID as ID,
  ISO,
  type TokenPoolStage,
  token,
  withTokenPool,
} from './with-token-pool.ts';

const [ALICE, BOB, GUEST, LATER] = ['alice', 'bob', 'guest', 'later'].map((id) =>
  makeJwt({ id }),
) as [string, string, string, string];
const VERDICTS = { alice: GOOD, bob: GOOD, guest: BAD, later: UNKNOWN };

/** The routes of a gateway that serves from the web chat alone. */
function withRoutes(
  run: (stage: TokenPoolStage['zai-web'] & Pick<TokenPoolStage, 'ask'>) => Promise<void>,
  { verdicts }: Pick<NonNullable<Parameters<typeof startRegistry>[1]>, 'verdicts'> = {
    verdicts: VERDICTS,
  },
): Promise<void> {
  return withTokenPool({ upstreams: ['zai-web'], verdicts }, ({ ask, ...stage }) =>
    run({ ...stage['zai-web'], ask }),
  );
}

describe('the token pool’s API', () => {
  test.each([
    ['GET', 'status'],
    ['POST', 'health-check'],
    ['POST', 'update'],
    ['GET', 'tokens'],
    ['POST', 'tokens'],
    ['GET', 'tokens/x'],
    ['PATCH', 'tokens/x'],
    ['DELETE', 'tokens/x'],
  ])('asks for the admin key: %s %s', (method, path) =>
    withRoutes(async ({ ask }) => {
      const body = method === 'GET' ? undefined : {};
      expect(await ask(method, path, body, 'client-key')).toEqual(
        error(401, 'invalid_api_key', 'The admin key that was sent is not a valid one.'),
      );
    }),
  );

  test('never shows a token’s value', () =>
    withRoutes(async ({ ask }) => {
      const answers = [
        await ask('POST', 'update', [ALICE, GUEST, LATER, 'nonsense']),
        await ask('POST', 'tokens', { token: BOB }),
        await ask('POST', 'tokens', { token: BOB }),
        await ask('POST', 'health-check'),
        await ask('GET', 'tokens'),
      ];
      const text = JSON.stringify(answers);
      const shown = [ALICE, BOB, GUEST, LATER].filter((value) => text.includes(value.slice(0, 40)));
      expect([shown, text.includes('nonsense')]).toEqual([[], false]);
    }));
});

describe('POST tokens', () => {
  test('adds an account’s token', () =>
    withRoutes(async ({ ask, use }) => {
      expect(await ask('POST', 'tokens', { token: `Bearer ${ALICE}` })).toEqual([
        201,
        token({ user_id: 'alice' }),
      ]);
      expect(await use()).toBe('alice');
    }));

  test('says what is wrong with any other', () =>
    withRoutes(async ({ ask }) => {
      await ask('POST', 'tokens', { token: ALICE });
      const refusal = (message: string) =>
        error(422, 'token_refused', expect.stringContaining(message), 'token');
      expect([
        await ask('POST', 'tokens', { token: ALICE }),
        await ask('POST', 'tokens', { token: GUEST }),
        await ask('POST', 'tokens', { token: 'sk-nonsense' }),
        await ask('POST', 'tokens', { token: LATER }),
        await ask('POST', 'tokens', {}),
        await ask('POST', 'tokens', { token: 7 }),
        await ask('POST', 'tokens'),
      ]).toEqual([
        error(409, 'token_exists', expect.stringContaining('there already'), 'token'),
        refusal('It is dead.'),
        refusal('JWTs'),
        error(503, 'token_not_checked', expect.stringContaining('could not be reached')),
        error(400, 'missing_required_parameter', "'token' is required.", 'token'),
        error(400, 'invalid_type', "'token' must be a string, not a number.", 'token'),
        error(400, 'invalid_type', 'The request body must be an object, not null.'),
      ]);
    }));

  test('says that nothing was changed when SQLite does not take it', async () => {
    using database = openDatabase(':memory:');
    database.run(`CREATE TRIGGER refuse BEFORE INSERT ON credentials
      BEGIN SELECT RAISE(FAIL, 'database is locked'); END`);
    using stage = startRegistry(database);
    const adding = stage.desk.add(ALICE, new AbortController().signal);
    expect(adding).rejects.toMatchObject({
      status: 503,
      code: 'token_pool_not_saved',
      message:
        'The change could not be saved (database is locked). Nothing was changed; try again.',
    });
    await adding.catch(() => undefined);
    expect(stage.users()).toEqual([]);
  });
});

describe('POST update', () => {
  const item = (result: string, fields: object) => ({ result, id: null, reason: null, ...fields });

  test.each([
    ['a list', (tokens: string[]) => tokens],
    ['an object with a list', (tokens: string[]) => ({ tokens })],
  ])('takes %s, and answers for each token in order', (_, shape) =>
    withRoutes(async ({ ask, users }) => {
      await ask('POST', 'tokens', { token: BOB });
      const tokens = [GUEST, ALICE, 'x', BOB, `Bearer ${ALICE}`, LATER, GUEST];
      expect(await ask('POST', 'update', shape(tokens))).toEqual([
        200,
        {
          object: 'list',
          added: 1,
          data: [
            item('refused', { reason: 'It is dead.' }),
            item('added', { id: ID }),
            item('refused', { reason: expect.stringContaining('JWT') }),
            item('already_there', { id: ID }),
            item('already_there', { id: ID }),
            item('not_checked', { reason: 'chat.z.ai could not be reached.' }),
            item('refused', { reason: 'It is dead.' }),
          ],
        },
      ]);
      expect(users()).toEqual(['bob', 'alice']);
    }),
  );

  test('asks about each token once', () =>
    withRoutes(async ({ ask, asked }) => {
      await ask('POST', 'update', [ALICE, ALICE, GUEST, GUEST]);
      await ask('POST', 'update', [ALICE]);
      expect(asked).toEqual(['alice', 'guest']);
    }));

  test('of nothing adds nothing', () =>
    withRoutes(async ({ ask }) => {
      expect(await ask('POST', 'update', [])).toEqual([
        200,
        { object: 'list', added: 0, data: [] },
      ]);
    }));

  test('refuses what is no list of at most 1,000 tokens', () =>
    withRoutes(async ({ ask }) => {
      const tooMany = 'At most 1000 tokens can be added at once, not 1001.';
      expect([
        await ask('POST', 'update', { tokens: 'x' }),
        await ask('POST', 'update', Array(1001).fill('x')),
        (await ask('POST', 'update'))[0],
        (await ask('POST', 'update', Array(1000).fill('x')))[0],
      ]).toEqual([
        error(400, 'invalid_type', "'tokens' must be a list, not a string.", 'tokens'),
        error(400, 'invalid_value', tooMany, 'tokens'),
        400,
        200,
      ]);
    }));

  test('keeps what the settings named when they no longer do', () =>
    withRoutes(async ({ ask, registry, users }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      const alice = registry.find(id)?.credential;
      if (alice === undefined) throw new Error('it is not there');
      registry.delete(alice);
      expect(users()).toEqual([]);
      await ask('POST', 'update', [ALICE]);
      registry.give('setting', [alice]);
      registry.give('setting', []);
      expect(users()).toEqual(['alice']);
    }));
});

describe('POST health-check', () => {
  const verdicts = { ...VERDICTS };
  const result = (id: string, outcome: string, reason: string | null = null) => ({
    id,
    result: outcome,
    reason,
  });

  test('does what the service says: alive heals, dead takes out, unknown changes nothing', () => {
    const answers: Record<string, typeof GOOD> = { alice: GOOD, bob: GOOD, carol: GOOD };
    return withRoutes(
      async ({ ask, pool }) => {
        const tokens = ['alice', 'bob', 'carol'].map((id) => makeJwt({ id }));
        const { data } = (await ask('POST', 'update', tokens))[1];
        const [alice, bob, carol] = data.map(({ id }: { id: string }) => id);
        for (const id of [alice, carol]) pool.setHealth(id, { state: 'out', reason: 'Old.' });
        Object.assign(answers, { bob: BAD, carol: UNKNOWN });
        expect(await ask('POST', 'health-check')).toEqual([
          200,
          {
            object: 'list',
            data: [
              result(alice, 'alive'),
              result(bob, 'dead', 'It is dead.'),
              result(carol, 'unknown', 'chat.z.ai could not be reached.'),
            ],
          },
        ]);
        const healths = [alice, bob, carol].map((id) => pool.memoryOf(id)?.health);
        expect(healths).toEqual([
          { state: 'healthy', strikes: 0 },
          { state: 'out', reason: 'It is dead.' },
          { state: 'out', reason: 'Old.' },
        ]);
      },
      { verdicts: answers },
    );
  });

  test('checks only the tokens that it is given', () =>
    withRoutes(
      async ({ ask, asked }) => {
        const { data } = (await ask('POST', 'update', [ALICE, BOB]))[1];
        const [, { id }] = data;
        const unknown =
          "There is no token 'nobody'. GET /v1/token-pool/tokens lists those that are there.";
        expect([
          await ask('POST', 'health-check', { ids: [id, id] }),
          await ask('POST', 'health-check', { ids: [id, 'nobody'] }),
          asked,
        ]).toEqual([
          [200, { object: 'list', data: [result(id, 'alive')] }],
          error(404, 'token_not_found', unknown),
          ['alice', 'bob', 'bob'],
        ]);
      },
      { verdicts },
    ));

  test.each([[undefined], [null], [{}], [{ ids: null }]])('checks all with the body %j', (body) =>
    withRoutes(async ({ ask }) => {
      await ask('POST', 'tokens', { token: ALICE });
      expect((await ask('POST', 'health-check', body))[1].data).toHaveLength(1);
    }),
  );
});

describe('one token', () => {
  test('is shown with what is known of it', () =>
    withRoutes(async ({ ask, use, pool }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      await use('completed');
      await use('cancelled');
      await use('rate-limited');
      pool.setHealth(id, { state: 'out', reason: 'Not this one.' }, 'glm-5');
      const shown = token({
        id,
        user_id: 'alice',
        health: 'cooling',
        until: ISO,
        reason: 'No.',
        models: [{ model: 'glm-5', health: 'out', until: null, reason: 'Not this one.' }],
        counts: { completed: 1, failed: 1, cancelled: 1 },
        last_used_at: ISO,
      });
      expect([await ask('GET', `tokens/${id}`), await ask('GET', 'tokens')]).toEqual([
        [200, shown],
        [200, { object: 'list', data: [shown] }],
      ]);
    }));

  test('is shown before it has been checked', () => {
    const never = new Promise<typeof GOOD>(() => {});
    return withRoutes(
      async ({ ask, registry }) => {
        const alice = { id: 'x', kind: 'account', secret: ALICE, userId: 'alice' } as const;
        registry.give('setting', [alice]);
        await settle();
        const fields = {
          sources: ['setting'],
          health: 'checking',
          added_at: null,
          checked_at: null,
        };
        expect(await ask('GET', 'tokens/x')).toEqual([
          200,
          token({ ...fields, id: 'x', user_id: 'alice' }),
        ]);
      },
      { verdicts: { alice: never } },
    );
  });

  test('can be disabled and enabled', () =>
    withRoutes(async ({ ask, use }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      const disabled = await ask('PATCH', `tokens/${id}`, { disabled: true });
      const used = [await use()];
      const enabled = await ask('PATCH', `tokens/${id}`, { disabled: false });
      used.push(await use());
      expect([disabled, used, enabled]).toEqual([
        [200, token({ id, user_id: 'alice', disabled: true })],
        ['credential-rejected', 'alice'],
        [200, token({ id, user_id: 'alice' })],
      ]);
    }));

  test('can be declared healthy', () =>
    withRoutes(async ({ ask, use }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      await use('rate-limited');
      const healed = await ask('PATCH', `tokens/${id}`, { health: 'healthy' });
      expect([healed[1].health, await use()]).toEqual(['healthy', 'alice']);
    }));

  test('is not changed by what makes no sense', () =>
    withRoutes(async ({ ask }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      expect([
        await ask('PATCH', `tokens/${id}`, {}),
        await ask('PATCH', `tokens/${id}`, { health: 'out' }),
        await ask('PATCH', `tokens/${id}`, { disabled: 'yes' }),
      ]).toEqual([
        error(400, null, "Nothing to change: send 'disabled' or 'health'."),
        error(400, 'invalid_value', "'health' must be 'healthy'.", 'health'),
        error(400, 'invalid_type', "'disabled' must be true or false, not a string.", 'disabled'),
      ]);
    }));

  test('is gone when it was deleted, and can be added again', () =>
    withRoutes(async ({ ask, use }) => {
      const { id } = (await ask('POST', 'tokens', { token: ALICE }))[1];
      expect([
        await ask('DELETE', `tokens/${id}`),
        await use(),
        (await ask('GET', 'tokens'))[1].data,
        (await ask('POST', 'tokens', { token: ALICE }))[0],
      ]).toEqual([[200, { id, object: 'token', deleted: true }], 'credential-rejected', [], 201]);
    }));

  test.each([
    ['GET', undefined],
    ['PATCH', { disabled: true }],
    ['PATCH', { health: 'healthy' }],
    ['DELETE', undefined],
  ])('that is not there can’t be meant: %s %j', (method, body) =>
    withRoutes(async ({ ask }) => {
      const message =
        "There is no token 'x'. GET /v1/token-pool/tokens lists those that are there.";
      expect(await ask(method, 'tokens/x', body)).toEqual(error(404, 'token_not_found', message));
    }),
  );
});

describe('GET status', () => {
  const none = { healthy: 0, cooling: 0, probing: 0, out: 0, checking: 0, disabled: 0 };
  const status = (fields: object) => ({
    object: 'token_pool',
    upstreams: [
      {
        upstream: 'zai-web',
        ready: true,
        reason: null,
        in_flight: 0,
        max_in_flight_per_token: null,
        brake: { state: 'closed', until: null, reason: null },
        guests: null,
        ...fields,
      },
    ],
  });

  test('counts the tokens by their state', () =>
    withRoutes(async ({ ask, pool }) => {
      const tokens = ['a', 'b', 'c', 'd'].map((id) => makeJwt({ id }));
      const { data } = (await ask('POST', 'update', tokens))[1];
      const [, out, disabled, struck] = data.map(({ id }: { id: string }) => id);
      pool.setHealth(out, { state: 'out', reason: 'Dead.' });
      pool.setHealth(struck, { state: 'healthy', strikes: 2 });
      await ask('PATCH', `tokens/${disabled}`, { disabled: true });
      expect(await ask('GET', 'status')).toEqual([
        200,
        status({ tokens: { ...none, total: 4, healthy: 2, out: 1, disabled: 1 } }),
      ]);
    }));

  test('says why no chat could be served', () =>
    withRoutes(async ({ ask }) => {
      expect(await ask('GET', 'status')).toEqual([
        200,
        status({ ready: false, reason: expect.any(String), tokens: { ...none, total: 0 } }),
      ]);
    }));

  test('tells of the brake', () =>
    withRoutes(async ({ ask, use }) => {
      await ask('POST', 'tokens', { token: ALICE });
      for (let i = 0; i < 3; i += 1) await use('verification-required');
      expect((await ask('GET', 'status'))[1].upstreams[0]).toMatchObject({
        ready: false,
        reason: 'No.',
        brake: { state: 'open', until: ISO, reason: 'No.' },
        tokens: { healthy: 1 },
      });
    }));
});
