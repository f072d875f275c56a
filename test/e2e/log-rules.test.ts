import { describe, expect, test } from 'bun:test';
import { postChat } from '../support/post-chat.ts';
import { ADMIN_KEY, CLIENT_KEY, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';

const STAGE = { script: plainAnswer('hello'), env: { LOG_LEVEL: 'info' } };

/** Asks as the admin, unless with another key; the answer's status and body. */
async function ask(
  gateway: TestGateway,
  method: string,
  path: string,
  body?: object,
  key: string = ADMIN_KEY,
): Promise<{ status: number; body: unknown }> {
  const response = await gateway.fetch(path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** What is logged of a chat with this id, by message. */
async function linesOf(gateway: TestGateway, requestId: string, fields = {}) {
  const chat = { stream: false, ...fields };
  await (await postChat(gateway, chat, { 'x-request-id': requestId })).text();
  const lines = gateway.log.filter((line) => line.requestId === requestId);
  return Object.fromEntries(lines.map(({ msg, ...line }) => [String(msg), line]));
}

describe('the level of the log', () => {
  test('can be read and changed while the gateway runs', () =>
    withGateway(STAGE, async ({ gateway }) => {
      const level = { object: 'log_level', level: 'info', configured: 'info', until: null };
      expect(await ask(gateway, 'GET', '/v1/log-level')).toEqual({ status: 200, body: level });
      expect(Object.keys(await linesOf(gateway, 'before'))).toEqual(['chat settled']);
      expect(await ask(gateway, 'PUT', '/v1/log-level', { level: 'debug', for: 60 })).toEqual({
        status: 200,
        body: { ...level, level: 'debug', until: expect.stringMatching(/^\d{4}-.*Z$/) },
      });
      expect(Object.keys(await linesOf(gateway, 'after'))).toEqual(
        expect.arrayContaining(['chat began', 'chat settled', 'chat story']),
      );
      // What is expected of every gateway at its end is read in the log.
      await ask(gateway, 'PUT', '/v1/log-level', { level: 'info' });
    }));

  test.each([
    [{ level: 'loud' }, 'level'],
    [{ level: 'debug', for: 0 }, 'for'],
    [{ level: 'debug', for: 86_401 }, 'for'],
    [{}, 'level'],
  ])('is not changed by %j', (body, param) =>
    withGateway(STAGE, async ({ gateway }) => {
      expect(await ask(gateway, 'PUT', '/v1/log-level', body)).toMatchObject({
        status: 400,
        body: { error: { param } },
      });
    }),
  );
});

describe('a rule', () => {
  test('makes a client’s chats be logged at debug level, and no others', () =>
    withGateway(
      { ...STAGE, env: { ...STAGE.env, API_KEYS: `${CLIENT_KEY},other` } },
      async (stage) => {
        const { gateway } = stage;
        await linesOf(gateway, 'r-0');
        const told = await ask(gateway, 'GET', '/v1/requests');
        const [{ client_key_id = '' } = {}] = (told.body as { data: { client_key_id?: string }[] })
          .data;
        await ask(gateway, 'POST', '/v1/log-rules', { client_key_id });
        const followed = await linesOf(gateway, 'r-1');
        expect(Object.keys(followed)).toEqual(['chat began', 'chat story', 'chat settled']);
        expect(followed['chat began']).toMatchObject({
          level: 'debug',
          clientKeyId: client_key_id,
          messages: [{ role: 'user', characters: expect.any(Number), parts: 1 }],
          parameters: { stream: false },
        });
        expect(followed['chat story']).toMatchObject({
          attempts: [{ number: 1, upstream: 'zai-web', state: 'completed' }],
        });
        const headers = { authorization: 'Bearer other', 'x-request-id': 'r-2' };
        await (await postChat(gateway, {}, headers)).text();
        expect(gateway.log.filter(({ requestId }) => requestId === 'r-2')).toHaveLength(1);
      },
    ));

  test('for requests by id has their words only when it says so', () =>
    withGateway(STAGE, async ({ gateway }) => {
      const messages = [{ role: 'user', content: 'my own words' }];
      await ask(gateway, 'POST', '/v1/log-rules', { request_id_prefix: 'a-' });
      const quiet = await linesOf(gateway, 'a-1', { messages });
      expect(Object.keys(quiet)).toContain('chat began');
      expect(JSON.stringify(quiet)).not.toContain('my own words');
      await ask(gateway, 'POST', '/v1/log-rules', { request_id_prefix: 'b-', prompts: true });
      const quoting = await linesOf(gateway, 'b-1', { messages });
      expect(String(quoting['chat began']?.sent)).toContain('my own words');
    }));

  test('makes any route’s request be logged by its id', () =>
    withGateway(STAGE, async ({ gateway }) => {
      await ask(gateway, 'POST', '/v1/log-rules', { request_id_prefix: 'a-' });
      await gateway.fetch('/v1/models', { headers: { 'x-request-id': 'a-1' } });
      await gateway.fetch('/v1/models', { headers: { 'x-request-id': 'c-1' } });
      const lines = gateway.log.filter(({ msg }) => msg === 'request');
      expect(lines).toEqual([expect.objectContaining({ requestId: 'a-1', path: '/v1/models' })]);
    }));

  test('is told of, listed and ended', () =>
    withGateway(STAGE, async ({ gateway }) => {
      const wish = { request_id_prefix: 'a-', for: 60 };
      const { status, body } = await ask(gateway, 'POST', '/v1/log-rules', wish);
      expect([status, body]).toEqual([
        201,
        {
          id: expect.stringMatching(/^rule_[0-9a-f]{12}$/),
          object: 'log_rule',
          client_key_id: null,
          request_id_prefix: 'a-',
          prompts: false,
          until: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ]);
      const list = () => ask(gateway, 'GET', '/v1/log-rules');
      expect((await list()).body).toEqual({ object: 'list', data: [body] });
      const path = `/v1/log-rules/${(body as { id: string }).id}`;
      expect((await ask(gateway, 'DELETE', path)).status).toBe(200);
      expect(await ask(gateway, 'DELETE', path)).toMatchObject({
        status: 404,
        body: { error: { code: 'log_rule_not_found' } },
      });
      expect((await list()).body).toEqual({ object: 'list', data: [] });
      expect(Object.keys(await linesOf(gateway, 'a-1'))).toEqual(['chat settled']);
    }));

  test('that would fit every request is refused', () =>
    withGateway(STAGE, async ({ gateway }) => {
      expect((await ask(gateway, 'POST', '/v1/log-rules', { for: 60 })).status).toBe(400);
    }));
});

test.each([
  ['GET', '/v1/log-level'],
  ['PUT', '/v1/log-level'],
  ['GET', '/v1/log-rules'],
  ['POST', '/v1/log-rules'],
  ['DELETE', '/v1/log-rules/x'],
])('%s %s is for the admin', (method, path) =>
  withGateway(STAGE, async ({ gateway }) => {
    const body = method === 'GET' ? undefined : {};
    expect((await ask(gateway, method, path, body, CLIENT_KEY)).status).toBe(401);
  }),
);
