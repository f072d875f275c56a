import { describe, expect, test } from 'bun:test';
import type { WebExchange } from '../../../src/upstream/upstream-request.ts';
import { openWebReply } from '../../../src/upstream/zai-web/open-reply.ts';
import { closedOrigin, makeExchange, makeJwt } from './make-exchange.ts';

const NEVER = new AbortController().signal;
const SECRET = makeJwt({ id: 'user-42', note: 'never to be seen' });

type Serve = (request: Request) => Response | Promise<Response>;

function startService(serve: Serve) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: serve });
  return {
    origin: server.url.origin,
    exchange: (overrides: Partial<WebExchange> = {}) =>
      makeExchange({
        completionsUrl: `${server.url.origin}/api/v2/chat/completions`,
        credential: { secret: SECRET, userId: 'user-42' },
        ...overrides,
      }),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const stream = (text: string) =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } });

async function failureOf(exchange: WebExchange) {
  const opened = await openWebReply(exchange, NEVER);
  if (opened.ok) throw new Error('the reply was opened');
  return opened.failure;
}

describe('a reply', () => {
  test('is handed over as it comes', async () => {
    await using service = startService(() => stream('data: {"你好":"🌍"}\n\n'));
    const opened = await openWebReply(service.exchange(), NEVER);
    expect(opened.ok && (await new Response(opened.value).text())).toBe('data: {"你好":"🌍"}\n\n');
  });

  test('is taken when it does not say what type it is of', async () => {
    await using service = startService(() => new Response(new Blob(['data: {}\n\n'])));
    expect((await openWebReply(service.exchange(), NEVER)).ok).toBe(true);
  });

  test('of a model that needs no created chat takes one call, with ids of its own', async () => {
    const paths: string[] = [];
    const ids: string[] = [];
    await using service = startService(async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      paths.push(pathname);
      const body = await request.json();
      ids.push(body.chat_id, body.id, body.session_id, body.current_user_message_id);
      ids.push(searchParams.get('requestId') ?? '');
      return stream('');
    });
    await openWebReply(service.exchange(), NEVER);
    await openWebReply(service.exchange(), NEVER);
    const uuids = ids.filter((id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id));
    expect({ paths, distinct: new Set(uuids).size }).toEqual({
      paths: ['/api/v2/chat/completions', '/api/v2/chat/completions'],
      distinct: 10,
    });
  });

  test('sends no cookie, also after one was set', async () => {
    const cookies: (string | null)[] = [];
    await using service = startService((request) => {
      cookies.push(request.headers.get('cookie'));
      return new Response('', { headers: { 'set-cookie': 'session=1; Path=/' } });
    });
    await openWebReply(service.exchange(), NEVER);
    await openWebReply(service.exchange(), NEVER);
    expect(cookies).toEqual([null, null]);
  });

  test('goes through the proxy that is set', async () => {
    const seen: string[] = [];
    await using proxy = startService((request) => {
      seen.push(new URL(request.url).host);
      return stream('');
    });
    const exchange = makeExchange({
      completionsUrl: 'http://chat.invalid/api/v2/chat/completions',
      proxyUrl: proxy.origin,
    });
    expect({ ok: (await openWebReply(exchange, NEVER)).ok, seen }).toEqual({
      ok: true,
      seen: ['chat.invalid'],
    });
  });
});

describe('a model that needs a created chat', () => {
  const model = { upstreamId: 'glm-4.7', needsCreatedChat: true, mcpServers: ['advanced-search'] };

  test.each([[{ id: 'c-1' }], [{ chat: { id: 'c-1' } }]])(
    'gets one first, answered as %p, and completes in it',
    async (answer) => {
      const calls: { path: string; authorization: string | null; body: Record<string, unknown> }[] =
        [];
      await using service = startService(async (request) => {
        const path = new URL(request.url).pathname;
        const authorization = request.headers.get('authorization');
        calls.push({ path, authorization, body: await request.json() });
        return path.endsWith('/new') ? Response.json(answer) : stream('');
      });
      const { ok } = await openWebReply(service.exchange({ model }), NEVER);
      const [created, completed] = calls;
      const messageId = String(completed?.body.current_user_message_id);
      expect({
        ok,
        paths: calls.map((call) => call.path),
        bearers: new Set(calls.map((call) => call.authorization)),
        chatId: completed?.body.chat_id,
        chat: created?.body.chat,
      }).toEqual({
        ok: true,
        paths: ['/api/v1/chats/new', '/api/v2/chat/completions'],
        bearers: new Set([`Bearer ${SECRET}`]),
        chatId: 'c-1',
        chat: {
          id: '',
          title: 'New Chat',
          models: ['glm-4.7'],
          params: {},
          history: {
            messages: {
              [messageId]: {
                id: messageId,
                parentId: null,
                childrenIds: [],
                role: 'user',
                content: 'hello',
                timestamp: expect.any(Number),
                models: ['glm-4.7'],
              },
            },
            currentId: messageId,
          },
          tags: [],
          flags: [],
          features: [],
          mcp_servers: ['advanced-search'],
          enable_thinking: false,
          auto_web_search: false,
          timestamp: expect.any(Number),
        },
      });
    },
  );

  test.each([
    [() => Response.json({ detail: 'x' }, { status: 401 }), 'credential-rejected'],
    [() => Response.json({ id: '' }), 'unavailable'],
    [() => Response.json([]), 'unavailable'],
    [
      () => Response.json({ error: { code: 'FRONTEND_CAPTCHA_REQUIRED' } }),
      'verification-required',
    ],
  ] as const)('fails as its creation does (%#)', async (answer, kind) => {
    const paths: string[] = [];
    await using service = startService((request) => {
      paths.push(new URL(request.url).pathname);
      return answer();
    });
    const failure = await failureOf(service.exchange({ model }));
    expect({ kind: failure.kind, paths }).toEqual({ kind, paths: ['/api/v1/chats/new'] });
  });
});

describe('a failure', () => {
  test('of HTTP is classified, with its status and the time to wait', async () => {
    await using service = startService(() =>
      Response.json(
        { detail: 'too many requests' },
        { status: 429, headers: { 'retry-after': '9' } },
      ),
    );
    expect(await failureOf(service.exchange())).toEqual({
      kind: 'rate-limited',
      message: 'Z.ai is busy or allows no more requests for now: too many requests',
      status: 429,
      upstreamCode: null,
      retryAfterMs: 9_000,
    });
  });

  test('inside a 200 of JSON is one all the same', async () => {
    await using service = startService(() =>
      Response.json({ data: { error: { code: 'INVALID_TOKEN' } } }),
    );
    const { kind, status, upstreamCode } = await failureOf(service.exchange());
    expect({ kind, status, upstreamCode }).toEqual({
      kind: 'credential-rejected',
      status: 200,
      upstreamCode: 'INVALID_TOKEN',
    });
  });

  test.each([[200], [405]])("is the firewall's when a page comes with %d", async (status) => {
    const page = () =>
      new Response('<html></html>', { status, headers: { 'content-type': 'text/html' } });
    await using service = startService(page);
    expect((await failureOf(service.exchange())).kind).toBe('address-blocked');
  });

  test('is a redirect, which is not followed', async () => {
    const paths: string[] = [];
    await using service = startService((request) => {
      paths.push(new URL(request.url).pathname);
      return Response.redirect('/elsewhere', 307);
    });
    const { kind, status } = await failureOf(service.exchange());
    expect({ kind, status, paths }).toEqual({
      kind: 'unavailable',
      status: 307,
      paths: ['/api/v2/chat/completions'],
    });
  });

  test('with an endless body is read to the limit and its connection closed', async () => {
    const closed = Promise.withResolvers<void>();
    const piece = new Uint8Array(16 * 1024).fill(0x61);
    await using service = startService(() => {
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(piece),
        cancel: () => closed.resolve(),
      });
      return new Response(body, { status: 500 });
    });
    const { kind } = await failureOf(service.exchange());
    await closed.promise;
    expect(kind).toBe('unavailable');
  });

  test('never repeats the credential, not even when the service does', async () => {
    await using service = startService((request) =>
      Response.json({ detail: `no ${request.url} for ${SECRET}` }, { status: 500 }),
    );
    await using plain = startService((request) => new Response(request.url, { status: 500 }));
    const unreachable = makeExchange({
      completionsUrl: `${await closedOrigin()}/api/v2/chat/completions`,
      credential: { secret: SECRET, userId: 'user-42' },
    });
    const exchanges = [service.exchange(), plain.exchange(), unreachable];
    const failures = await Promise.all(exchanges.map(failureOf));
    expect(
      failures.filter((failure) => JSON.stringify(failure).includes(SECRET.slice(-20))),
    ).toEqual([]);
  });

  test('to connect names the host and the cause only', async () => {
    const origin = await closedOrigin();
    const completionsUrl = `${origin}/api/v2/chat/completions`;
    expect(await failureOf(makeExchange({ completionsUrl }))).toEqual({
      kind: 'unreachable',
      message: `${new URL(origin).host} could not be reached (ECONNREFUSED).`,
      status: null,
      upstreamCode: null,
      retryAfterMs: null,
    });
  });

  test('is a connection closed without an answer', async () => {
    using listener = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: (socket) => void socket.end() },
    });
    const completionsUrl = `http://127.0.0.1:${listener.port}/api/v2/chat/completions`;
    expect((await failureOf(makeExchange({ completionsUrl }))).kind).toBe('unreachable');
  });
});

describe('an abort', () => {
  test('before the answer closes the connection and rejects with its reason', async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    await using service = startService((request) => {
      request.signal.addEventListener('abort', () => left.resolve());
      arrived.resolve();
      return Promise.withResolvers<Response>().promise;
    });
    const controller = new AbortController();
    const opening = openWebReply(service.exchange(), controller.signal);
    const caught = opening.catch((error: unknown) => error);
    await arrived.promise;
    controller.abort();
    await left.promise;
    expect(await caught).toBe(controller.signal.reason);
  });

  test('while a chat is being created makes no completion', async () => {
    const paths: string[] = [];
    const controller = new AbortController();
    await using service = startService((request) => {
      paths.push(new URL(request.url).pathname);
      controller.abort();
      return Response.json({ id: 'c-1' });
    });
    const model = { upstreamId: 'glm-4.7', needsCreatedChat: true, mcpServers: [] };
    const caught = await openWebReply(service.exchange({ model }), controller.signal).catch(
      (error: unknown) => error,
    );
    expect({ caught, paths }).toEqual({
      caught: controller.signal.reason,
      paths: ['/api/v1/chats/new'],
    });
  });

  test('while the body is being read closes the connection', async () => {
    const left = Promise.withResolvers<void>();
    await using service = startService(
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new TextEncoder().encode('data: {}\n\n')),
            cancel: () => left.resolve(),
          }),
        ),
    );
    const controller = new AbortController();
    const opened = await openWebReply(service.exchange(), controller.signal);
    if (!opened.ok) throw new Error(opened.failure.message);
    await opened.value.getReader().read();
    controller.abort();
    await left.promise;
  });
});
