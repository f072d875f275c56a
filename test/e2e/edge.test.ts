import { describe, expect, test } from 'bun:test';
import packageJson from '../../package.json' with { type: 'json' };
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import { withGateway } from '../support/with-gateway.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';

describe('x-request-id', () => {
  test.each([true, false])(
    'is the client’s own, in the response and the log (stream: %p)',
    (stream) =>
      withGateway({}, async ({ gateway }) => {
        const response = await postChat(gateway, { stream }, { 'x-request-id': 'trace-42/a' });
        await response.text();
        expect(response.headers.get('x-request-id')).toBe('trace-42/a');
        expect(settledChats(gateway)).toMatchObject([{ requestId: 'trace-42/a' }]);
      }),
  );

  test('is made up when the client sends none, or one that does not belong into a header', () =>
    withGateway({}, async ({ gateway }) => {
      const ids: (string | null)[] = [];
      for (const headers of [{}, { 'x-request-id': 'a b' }, { 'x-request-id': 'x'.repeat(200) }]) {
        const response = await postChat(gateway, {}, headers);
        await response.text();
        ids.push(response.headers.get('x-request-id'));
      }
      expect(ids).toEqual(Array(3).fill(expect.stringMatching(/^req_[0-9a-f]{32}$/)));
      expect(settledChats(gateway).map(({ requestId }) => requestId)).toEqual(ids);
    }));
});

describe('x-upstream and x-attempts', () => {
  test.each([true, false])('say who served, and at which attempt (stream: %p)', (stream) =>
    withGateway({}, async ({ gateway }) => {
      const response = await postChat(gateway, { stream });
      await response.text();
      const { headers } = response;
      expect([headers.get('x-upstream'), headers.get('x-attempts')]).toEqual(['zai-web', '1']);
    }),
  );
});

describe('CORS', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    },
  };

  test('a preflight is answered without a key', () =>
    withGateway({}, async ({ gateway }) => {
      const { status, headers } = await fetch(`${gateway.origin}/v1/chat/completions`, preflight);
      expect({
        status,
        origin: headers.get('access-control-allow-origin'),
        methods: headers.get('access-control-allow-methods')?.includes('POST'),
        headers: headers.get('access-control-allow-headers'),
        requestId: headers.get('x-request-id'),
      }).toEqual({
        status: 204,
        origin: '*',
        methods: true,
        headers: 'authorization, content-type',
        requestId: expect.any(String),
      });
    }));

  test.each([
    ['https://app.example', 'https://app.example'],
    ['https://other.example', null],
  ])('with CORS_ORIGINS, a stream and an error are for its origins only: %s', (origin, allowed) =>
    withGateway({ env: { CORS_ORIGINS: 'https://app.example' } }, async ({ gateway }) => {
      const stream = await postChat(gateway, {}, { origin });
      await stream.text();
      const error = await postChat(gateway, { messages: [] }, { origin });
      const shown = [stream, error].map(({ headers }) =>
        headers.get('access-control-allow-origin'),
      );
      expect(shown).toEqual([allowed, allowed]);
    }),
  );

  test('a page may read what the gateway says in headers', () =>
    withGateway({}, async ({ gateway }) => {
      const response = await postChat(gateway, {}, { origin: 'https://app.example' });
      await response.text();
      const exposed = response.headers.get('access-control-expose-headers');
      expect(exposed?.split(', ')).toEqual(
        expect.arrayContaining(['x-request-id', 'x-dropped-params', 'x-attempts', 'retry-after']),
      );
    }));
});

describe('without a key', () => {
  test('GET / says what this is', () =>
    withGateway({}, async ({ gateway }) => {
      const response = await fetch(gateway.origin);
      expect(await response.json()).toMatchObject({
        name: 'glm-gateway',
        version: packageJson.version,
        links: { chat: '/v1/chat/completions', models: '/v1/models' },
      });
    }));

  test('GET /health says that the process is alive', () =>
    withGateway({}, async ({ gateway }) => {
      const response = await fetch(`${gateway.origin}/health`);
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    }));

  test('GET /ready says that a chat could be served', () =>
    withGateway({}, async ({ gateway }) => {
      await (await postChat(gateway)).text(); // a worker has served, so it is ready
      const response = await fetch(`${gateway.origin}/ready`);
      expect([response.status, await response.json()]).toEqual([
        200,
        {
          status: 'ready',
          checks: { worker: true, upstream: true, accepting: true },
          upstreams: { 'zai-web': { ready: true } },
        },
      ]);
    }));

  test('with SKIP_AUTH, chats are served too', () =>
    withGateway({ env: { SKIP_AUTH: 'true', API_KEYS: '' } }, async ({ gateway }) => {
      const response = await postChat(gateway, { stream: false }, { authorization: 'none' });
      expect(response.status).toBe(200);
    }));
});

test('a chat waits for a permit, and is told when there is no room to wait', () => {
  const gate = createGate();
  return withGateway(
    {
      script: { ...plainAnswer('Done.'), hangBeforeHeaders: gate },
      env: { MAX_CONCURRENCY: '1', MAX_QUEUE: '0' },
    },
    async ({ gateway }) => {
      const first = postChat(gateway, { stream: false });
      await gate.reached;
      const second = await postChat(gateway);
      expect([second.status, second.headers.get('retry-after'), await second.json()]).toEqual([
        429,
        '5',
        {
          error: {
            message: 'The gateway is at its limit of running and waiting requests.',
            type: 'rate_limit_error',
            param: null,
            code: 'queue_full',
          },
        },
      ]);
      gate.open();
      expect((await first).status).toBe(200);
    },
  );
});
