import { describe, expect, test } from 'bun:test';
import { postChat } from '../support/post-chat.ts';
import { ADMIN_KEY, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha, statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';

async function ask(gateway: TestGateway, path: string): Promise<Response> {
  return await gateway.fetch(path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
}

/** What the tests look at of the answers. */
interface Answer {
  interval: string;
  series: { requests: number }[];
  groups: { value: string | null; requests: number; series: { requests: number }[] }[];
  data: Record<string, unknown>[];
  has_more: boolean;
  next_before: string | null;
  error: { message: string; param: string; code: string; type: string };
}

async function answerOf(gateway: TestGateway, path: string): Promise<Answer> {
  return (await (await ask(gateway, path)).json()) as Answer;
}

async function chat(gateway: TestGateway, fields: object = {}, id?: string): Promise<void> {
  const headers: Record<string, string> = id === undefined ? {} : { 'x-request-id': id };
  await (await postChat(gateway, { ...fields }, headers)).text();
}

async function idsOf(gateway: TestGateway, query: string): Promise<unknown[]> {
  return (await answerOf(gateway, `/v1/requests?${query}`)).data.map(({ id }) => id);
}

describe('GET /v1/stats', () => {
  test('has groups and a series when they are asked for', () =>
    withGateway({}, async ({ gateway }) => {
      await chat(gateway, { model: 'glm-4.7' });
      await chat(gateway, { model: 'glm-4.7' });
      await chat(gateway, { model: 'glm-5' });
      const { interval, series, groups } = await answerOf(
        gateway,
        `/v1/stats?from=${Date.now() - 60_000}&group_by=model&interval=auto`,
      );
      const count = (points: { requests: number }[]) =>
        points.reduce((sum, { requests }) => sum + requests, 0);
      expect([interval, count(series)]).toEqual(['minute', 3]);
      expect(groups.map((group) => [group.value, group.requests, count(group.series)])).toEqual([
        ['GLM-4.7', 2, 2],
        ['GLM-5', 1, 1],
      ]);
    }));

  test('is a table at /v1/stats.csv', () =>
    withGateway({}, async ({ gateway }) => {
      await chat(gateway);
      const response = await ask(gateway, '/v1/stats.csv?group_by=outcome');
      const [names = '', values = ''] = (await response.text()).split('\r\n');
      expect({
        type: response.headers.get('content-type'),
        disposition: response.headers.get('content-disposition'),
        names: names.split(',').slice(0, 3),
        values: values.split(',').slice(0, 3),
      }).toEqual({
        type: 'text/csv; charset=utf-8',
        disposition: 'attachment; filename="stats.csv"',
        names: ['outcome', 'requests', 'completed'],
        values: ['completed', '1', '1'],
      });
    }));
});

describe('GET /v1/requests', () => {
  test('has the last requests, page by page, the newest first', () =>
    withGateway({}, async ({ gateway }) => {
      for (const id of ['a', 'b', 'c']) await chat(gateway, {}, id);
      const first = await answerOf(gateway, '/v1/requests?limit=2');
      const second = await answerOf(gateway, `/v1/requests?limit=2&before=${first.next_before}`);
      expect(
        [first, second].map(({ data, has_more }) => [data.map(({ id }) => id), has_more]),
      ).toEqual([
        [['c', 'b'], true],
        [['a'], false],
      ]);
    }));

  test('has all that is known of each, and no secret', () =>
    withGateway({}, async ({ gateway }) => {
      await chat(gateway, {}, 'a');
      const { data } = await answerOf(gateway, '/v1/requests');
      expect(data).toEqual([
        {
          object: 'request',
          id: 'a',
          row_id: 1,
          started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          method: 'POST',
          path: '/v1/chat/completions',
          client_key_id: expect.stringMatching(/^key_[0-9a-f]{8}$/),
          model: 'GLM-4.6',
          upstream: 'zai-web',
          stream: true,
          status: 200,
          outcome: 'completed',
          error_code: null,
          attempts: 1,
          failures: [],
          queue_ms: expect.any(Number),
          prompt_tokens: 12,
          completion_tokens: 34,
          reasoning_tokens: 5,
          cached_tokens: 4,
          first_byte_ms: expect.any(Number),
          duration_ms: expect.any(Number),
          client_address: '127.0.0.1',
          user_agent: expect.stringContaining('Bun/'),
          edit_conflicts: 0,
        },
      ]);
    }));

  test('has those that fit the filters', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      await chat(gateway, { model: 'glm-4.7' }, 'a');
      await chat(gateway, { model: 'gpt-4o' }, 'b');
      simulator.script(captcha());
      await chat(gateway, { model: 'glm-4.7' }, 'c');
      const [{ client_key_id: key } = {}] = (await answerOf(gateway, '/v1/requests')).data;
      const queries = ['status=503', 'status=4xx', 'model=GLM-4.7', `key=${key}`, 'key=key_0'];
      queries.push('upstream=zai-web', 'outcome=failed', 'model=GLM-4.7&outcome=completed');
      queries.push('to=2026-01-01T00:00:00Z', 'status=&model=');
      const found = await Promise.all(queries.map((query) => idsOf(gateway, query)));
      expect(Object.fromEntries(queries.map((query, index) => [query, found[index]]))).toEqual({
        'status=503': ['c'],
        'status=4xx': ['b'],
        'model=GLM-4.7': ['c', 'a'],
        [`key=${key}`]: ['c', 'b', 'a'],
        'key=key_0': [],
        'upstream=zai-web': ['c', 'a'],
        'outcome=failed': ['c', 'b'],
        'model=GLM-4.7&outcome=completed': ['a'],
        'to=2026-01-01T00:00:00Z': [],
        'status=&model=': ['c', 'b', 'a'],
      });
    }));

  test('is a table at /v1/requests.csv, of all pages', () =>
    withGateway({}, async ({ gateway }) => {
      for (const id of ['a', 'b', '=c']) await chat(gateway, {}, id);
      const response = await ask(gateway, '/v1/requests.csv?outcome=completed');
      const lines = (await response.text()).trimEnd().split('\r\n');
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
        ['id', 'row_id'],
        ["'=c", '3'],
        ['b', '2'],
        ['a', '1'],
      ]);
      const columns = lines.map((line) => line.split(',').length);
      expect(columns).toEqual([24, 24, 24, 24]);
    }));
});

describe('GET /v1/requests/:id', () => {
  test('tells the whole story: each attempt, why it failed, and its clocks', () =>
    withGateway(
      { script: inTurn(statusErrors[429](), plainAnswer('Hi.')) },
      async ({ gateway }) => {
        await chat(gateway, {}, 'a');
        const { data } = await answerOf(gateway, '/v1/requests/a');
        const ms = expect.any(Number);
        const common = {
          upstream: 'zai-web',
          credential_id: expect.stringMatching(/^[0-9a-f]+$/),
          lease_ms: ms,
          started_at_ms: ms,
          prepared_at_ms: ms,
          ended_at_ms: ms,
        };
        expect(data).toMatchObject([
          {
            id: 'a',
            attempts: 2,
            story: {
              attempts: [
                {
                  ...common,
                  number: 1,
                  state: 'failed',
                  first_byte_at_ms: null,
                  failure: { kind: 'rate-limited', status: 429 },
                },
                {
                  ...common,
                  number: 2,
                  state: 'completed',
                  first_byte_at_ms: ms,
                  failure: null,
                },
              ],
              omitted: 0,
            },
          },
        ]);
      },
    ));

  test('takes any id that a client may choose', () =>
    withGateway({}, async ({ gateway }) => {
      const id = 'a/b?c=%20&d';
      await chat(gateway, {}, id);
      const { data } = await answerOf(gateway, `/v1/requests/${encodeURIComponent(id)}`);
      expect(data.map((request) => request.id)).toEqual([id]);
    }));

  test('is not there for an id that no request had', () =>
    withGateway({}, async ({ gateway }) => {
      const response = await ask(gateway, '/v1/requests/none');
      expect([response.status, await response.json()]).toEqual([
        404,
        {
          error: {
            message:
              "There is no settled request 'none'. GET /v1/requests lists those that are kept.",
            type: 'invalid_request_error',
            param: null,
            code: 'request_not_found',
          },
        },
      ]);
    }));
});

describe('what is asked wrongly', () => {
  test('is refused, and told why', () =>
    withGateway({}, async ({ gateway }) => {
      const paths = [
        '/v1/stats?interval=second',
        '/v1/stats?group_by=colour',
        '/v1/stats?from=0&interval=minute',
        '/v1/stats.csv?from=2&to=1',
        '/v1/requests?limit=0',
        '/v1/requests?limit=1001',
        '/v1/requests?before=yesterday',
        '/v1/requests?status=600',
        '/v1/requests?outcome=good',
        '/v1/requests.csv?from=noon',
      ];
      const answers = await Promise.all(
        paths.map(async (path) => {
          const response = await ask(gateway, path);
          const { error } = (await response.json()) as Answer;
          return [response.status, error.type, error.param];
        }),
      );
      const params = ['interval', 'group_by', 'interval', 'from', 'limit', 'limit'];
      params.push('before', 'status', 'outcome', 'from');
      expect(answers).toEqual(params.map((param) => [400, 'invalid_request_error', param]));
    }));

  test('without the admin key is refused', () =>
    withGateway({}, async ({ gateway }) => {
      const paths = ['/v1/stats.csv', '/v1/requests', '/v1/requests.csv', '/v1/requests/a'];
      const statuses = paths.map(async (path) => (await gateway.fetch(path)).status);
      expect(await Promise.all(statuses)).toEqual([401, 401, 401, 401]);
    }));
});
