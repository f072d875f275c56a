import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { accessLog } from '../../src/http/access-log.ts';
import { errorResponses } from '../../src/http/error-responses.ts';
import { beginRequest } from '../../src/http/request-context.ts';
import { recordLog } from './recorded-log.ts';

const fail = (status: number) => new Response('', { status });

async function linesOf(method: string, path: string) {
  const { log, lines } = recordLog();
  const app = new Elysia()
    .use(beginRequest({ trustProxy: false }))
    .use(accessLog({ log, settledElsewhere: ['/chat'], debugLogOf: () => log }))
    .use(errorResponses({ log: recordLog().log, routes: () => [] }))
    .get('/text', () => 'ok')
    .get('/created', ({ set }) => {
      set.status = 201;
      return {};
    })
    .get('/unready', () => fail(503))
    .post('/chat', () => fail(502))
    .get('/defect', () => {
      throw new Error('defect');
    });
  await app.handle(
    new Request(`http://gateway${path}`, { method, headers: { 'x-request-id': 'r-1' } }),
  );
  // Elysia runs what comes after a response in the next turn of the event loop.
  await new Promise(setImmediate);
  return lines.map(({ level, requestId, status, ms, ...line }) => [level, requestId, status, line]);
}

test.each([
  ['GET', '/text', 'debug', 200],
  ['GET', '/created', 'debug', 201],
  ['GET', '/nowhere', 'debug', 404],
  ['GET', '/unready', 'warn', 503],
  ['GET', '/defect', 'warn', 500],
  ['POST', '/chat', 'debug', 502],
])('%s %s is one line at level %s with status %d', async (method, path, level, status) => {
  expect(await linesOf(method, path)).toEqual([
    [level, 'r-1', status, expect.objectContaining({ method, path, msg: 'request' })],
  ]);
});
