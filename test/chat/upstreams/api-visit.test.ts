import { expect, test } from 'bun:test';
import { ApiVisit, type ApiVisitOptions } from '../../../src/chat/upstreams/api-visit.ts';
import { createCredential } from '../../../src/credentials/credential.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { makeRequest } from '../../upstream/zai-web/make-exchange.ts';

const KEY = createCredential('api-key', 'secret', '');

const EXCHANGE = {
  upstream: 'zai-api',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  proxyUrl: null,
  model: { upstreamId: 'glm-4.6', toolStream: true, dialect: 'zai' },
} as const;

function visit(known: Partial<ApiVisitOptions> = {}): ApiVisit {
  return new ApiVisit({
    upstream: { id: 'zai-api' } as unknown as ApiVisitOptions['upstream'],
    exchange: EXCHANGE,
    request: makeRequest(),
    images: [],
    asked: { messages: [] },
    droppedParams: [],
    ...known,
  });
}

test('a visit to the API has any key for its model, images or not', () => {
  const images = [{ place: 'image:0', url: 'https://example.com/a.png', param: 'p' }];
  expect([visit().wish, visit({ images }).wish]).toEqual(
    Array(2).fill({ model: 'glm-4.6', need: 'any' }),
  );
});

test('an attempt is prepared for its key, with the reminder of the moment', async () => {
  expect(await visit().prepare(KEY, 'Do it.')).toEqual({
    ok: true,
    value: {
      ...EXCHANGE,
      credential: { secret: 'secret' },
      request: makeRequest({ reminder: 'Do it.' }),
    },
  });
});

test('images are named by their URLs: the API fetches them itself', async () => {
  const messagesWith = (url: string) => [
    { role: 'user' as const, content: [{ type: 'image_url', image_url: { url } }] },
  ];
  const prepared = await visit({
    request: makeRequest({ messages: messagesWith('image:0') }),
    images: [{ place: 'image:0', url: 'https://example.com/a.png', param: 'p' }],
  }).prepare(KEY, null);
  expect<unknown>(prepared.ok && prepared.value.request.messages).toEqual(
    messagesWith('https://example.com/a.png'),
  );
});

test('of the parameters that are dropped, those that the API honours are not', () => {
  const asked = { messages: [], do_sample: true, logprobs: true, seed: 1 };
  const { droppedParams } = visit({ asked, droppedParams: ['do_sample', 'logprobs', 'seed'] });
  expect(droppedParams).toEqual(['logprobs', 'seed']);
});

test('a failure is taken as it is: there is nothing to put right', async () => {
  expect(await visit().reconsider(upstreamFailure('client-outdated', ''), 'give-up')).toBe(
    'give-up',
  );
});
