import { expect, test } from 'bun:test';
import { listApiModels } from '../../../src/upstream/zai-api/list-models.ts';
import { OPEN_WEIGHTS } from '../../support/zai-api/open-weights.ts';
import { startZaiApiSimulator } from '../../support/zai-api/simulator.ts';

const NEVER = new AbortController().signal;

async function listFrom(answer: () => Response) {
  using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  const baseUrl = server.url.origin;
  return await listApiModels({ baseUrl, proxyUrl: null }, 'a-secret-key', NEVER);
}

test('a server’s models are known by their ids, and no key is shown when there is none', async () => {
  await using simulator = await startZaiApiSimulator({ service: OPEN_WEIGHTS });
  const listed = await listApiModels({ baseUrl: simulator.baseUrl, proxyUrl: null }, '', NEVER);
  expect(listed).toEqual({
    ok: true,
    value: ['zai-org/GLM-4.6', 'house-model'].map((id) => ({ id, name: id, active: true })),
  });
  expect(simulator.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('entries that make no sense are left out', async () => {
  const data = [{ id: 'a' }, { id: '' }, { id: 5 }, null, 'b', { name: 'c' }];
  expect(await listFrom(() => Response.json({ data }))).toEqual({
    ok: true,
    value: [{ id: 'a', name: 'a', active: true }],
  });
});

test.each<[string, () => Response, string]>([
  [
    'a refused key',
    () => Response.json({ error: 'Unauthorized' }, { status: 401 }),
    'credential-rejected',
  ],
  [
    'a website',
    () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    'unavailable',
  ],
  ['no such path', () => Response.json({ detail: 'Not Found' }, { status: 404 }), 'unavailable'],
  ['broken JSON', () => new Response('{"da'), 'unavailable'],
  ['an error inside a 200', () => Response.json({ error: { code: '1305' } }), 'model-overloaded'],
])('a failure speaks of the API: %s', async (_, answer, kind) => {
  const listed = await listFrom(answer);
  expect(listed).toMatchObject({ ok: false, failure: { kind } });
  if (!listed.ok) expect(listed.failure.message).not.toContain('Z.ai');
});

test('a failure is told without the key', async () => {
  const listed = await listFrom(() => Response.json({ error: 'no a-secret-key' }, { status: 401 }));
  expect(JSON.stringify(listed)).not.toContain('a-secret-key');
});
