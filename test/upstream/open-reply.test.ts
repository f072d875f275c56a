import { expect, test } from 'bun:test';
import { openReply } from '../../src/upstream/open-reply.ts';
import { startZaiApiSimulator } from '../support/zai-api/simulator.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';
import { makeApiExchange } from './zai-api/make-exchange.ts';
import { makeExchange } from './zai-web/make-exchange.ts';

test('each exchange is opened with its own upstream', async () => {
  await using web = await startZaiWebSimulator();
  await using api = await startZaiApiSimulator();
  const { signal } = new AbortController();
  const { completionsUrl } = web;
  const secret = web.addAccount({ userId: 'user-42' });
  const credential = { secret, userId: 'user-42' };
  await openReply(makeExchange({ completionsUrl, credential }), signal);
  const { baseUrl } = api;
  await openReply(makeApiExchange({ baseUrl, credential: { secret: api.addKey() } }), signal);
  expect([web, api].map(({ requests }) => requests.map(({ path }) => path))).toEqual([
    ['/api/v2/chat/completions'],
    ['/api/paas/v4/chat/completions'],
  ]);
});
