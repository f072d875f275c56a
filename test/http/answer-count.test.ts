import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { answerCount } from '../../src/http/answer-count.ts';
import { cors } from '../../src/http/cors.ts';
import { errorResponses } from '../../src/http/error-responses.ts';
import { beginRequest } from '../../src/http/request-context.ts';
import type { Answer } from '../../src/metrics/gateway-metrics.ts';
import { recordLog } from './recorded-log.ts';

async function answersTo(method: string, path: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  const app = new Elysia()
    .use(beginRequest({ trustProxy: false }))
    .use(cors({ origins: ['*'] }))
    .use(answerCount({ count: (answer) => answers.push(answer) }))
    .use(errorResponses({ log: recordLog().log, routes: () => [] }))
    .get('/items/:id', () => 'item')
    .post('/items/:id', ({ status }) => status(201, {}))
    .get('/stream', () => new Response(new Blob(['data: 1\n\n']).stream()))
    .get('/defect', () => {
      throw new Error('defect');
    });
  await app.handle(new Request(`http://gateway.test${path}`, { method }));
  // Elysia runs what comes after a response in the next turn of the event loop.
  await new Promise(setImmediate);
  return answers;
}

test.each([
  ['GET', '/items/17', '/items/:id', 200],
  ['GET', '/items/17/', '/items/:id', 200],
  ['HEAD', '/items/17', '/items/:id', 200],
  ['POST', '/items/17', '/items/:id', 201],
  ['GET', '/stream', '/stream', 200],
  ['GET', '/defect', '/defect', 500],
  ['GET', '/no/such/path', null, 404],
  ['DELETE', '/items/17', null, 404],
])('%s %s is an answer of %p with status %d', async (method, path, route, status) => {
  expect(await answersTo(method, path)).toEqual([{ method, route, status }]);
});

test('a method that is none of HTTP’s own is told of as _OTHER', async () => {
  expect(await answersTo('PROPFIND', '/items/17')).toEqual([
    { method: '_OTHER', route: null, status: 404 },
  ]);
});
