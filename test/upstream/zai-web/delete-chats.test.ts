import { expect, test } from 'bun:test';
import { deleteChats } from '../../../src/upstream/zai-web/delete-chats.ts';
import { startZaiWebSimulator } from '../../support/zai-web/simulator.ts';
import { closedOrigin } from './make-exchange.ts';

const NEVER = new AbortController().signal;
const siteAt = (baseUrl: string) => ({ baseUrl, userAgent: 'Mozilla/5.0 (test)', proxyUrl: null });

function startService(answer: () => Response) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  return {
    delete: () => deleteChats(siteAt(server.url.origin), 'a-secret', NEVER),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

test('a guest’s chats are deleted on its own behalf', async () => {
  await using simulator = await startZaiWebSimulator();
  const token = simulator.addAccount({ role: 'guest' });
  const failure = await deleteChats(siteAt(simulator.origin), token, NEVER);
  expect({ failure, guests: simulator.guests }).toMatchObject({
    failure: null,
    guests: [{ token, deletions: 1 }],
  });
});

test.each([
  ['true', () => Response.json(true)],
  ['an object', () => Response.json({ success: true })],
  ['nothing', () => new Response(null, { status: 204 })],
])('an answer that is %s means that they are gone', async (_, answer) => {
  await using service = startService(answer);
  expect(await service.delete()).toBeNull();
});

const page = { headers: { 'content-type': 'text/html' } };

test.each([
  ['credential-rejected', () => Response.json({ code: 'INVALID_TOKEN' }, { status: 401 })],
  ['address-blocked', () => new Response('<html></html>', page)],
  ['address-blocked', () => new Response('<html></html>', { ...page, status: 405 })],
  ['verification-required', () => Response.json({ error: { code: 'FRONTEND_CAPTCHA_REQUIRED' } })],
  ['unavailable', () => new Response('not JSON')],
] as const)('a refusal is classified as %s (%#)', async (kind, answer) => {
  await using service = startService(answer);
  expect(await service.delete()).toMatchObject({ kind });
});

test('a failure does not repeat the credential', async () => {
  await using service = startService(() =>
    Response.json({ detail: 'a-secret is bad' }, { status: 400 }),
  );
  expect(JSON.stringify(await service.delete())).not.toContain('a-secret');
});

test('a service that cannot be reached is a failure too', async () => {
  expect(await deleteChats(siteAt(await closedOrigin()), 'a-secret', NEVER)).toMatchObject({
    kind: 'unreachable',
  });
});

test('who waits no longer is told by the reason', async () => {
  const deleting = deleteChats(siteAt(await closedOrigin()), 'a-secret', AbortSignal.abort('late'));
  await expect(deleting).rejects.toBe('late');
});
