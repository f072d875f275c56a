import { describe, expect, test } from 'bun:test';
import { compileErrors, validate } from '@readme/openapi-parser';
import { Value } from '@sinclair/typebox/value';
import packageJson from '../../package.json' with { type: 'json' };
import { faultFinder, type OpenApi, operationsOf } from '../support/openapi-document.ts';
import { type OpenApp, withApp } from '../support/with-app.ts';

const documentOf = async ({ ask }: OpenApp): Promise<OpenApi> =>
  (await (await ask('/docs/json')).json()) as OpenApi;

/** The routes of the API, as the document names them; pages and what they load are hidden. */
const apiRoutes = ({ app }: OpenApp) =>
  app.routes
    .filter(({ hooks }) => hooks.detail?.hide !== true)
    .map(({ method, path, hooks }) => ({
      name: `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
      body: hooks.body,
      query: Object.keys(hooks.query?.properties ?? {}),
    }));

describe('GET /docs/json', () => {
  test('is a valid OpenAPI document of this version', () =>
    withApp({}, async (opened) => {
      const document = await documentOf(opened);
      expect(document).toMatchObject({
        openapi: '3.1.0',
        info: { title: packageJson.name, version: packageJson.version },
      });
      const result = await validate(structuredClone(document) as object as never);
      expect([result.valid ? '' : compileErrors(result), result.warnings]).toEqual(['', []]);
    }));

  test('has every route, each under an id of its own and with words on it', () =>
    withApp({}, async (opened) => {
      const operations = operationsOf(await documentOf(opened));
      const documented = operations.map(([name]) => name).sort();
      expect(documented).toEqual(
        apiRoutes(opened)
          .map(({ name }) => name)
          .sort(),
      );
      expect(documented).toContain('POST /v1/token-pool/update');
      expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(
        operations.length,
      );
      for (const [name, { summary, tags, responses }] of operations) {
        const answers = Object.values(responses);
        const isWhole = answers.every(({ description, headers }) => description && headers);
        expect({ name, isWhole, said: Boolean(summary && tags.length === 1) }).toEqual({
          name,
          isWhole: true,
          said: true,
        });
      }
    }));

  test('has a body for each route that checks one, with examples that the route takes', () =>
    withApp({}, async (opened) => {
      const operations = new Map(operationsOf(await documentOf(opened)));
      const faults: string[] = [];
      for (const { name, body } of apiRoutes(opened)) {
        const examples = operations.get(name)?.requestBody?.content['application/json']?.examples;
        if ((body === undefined) !== (examples === undefined)) faults.push(`${name}: a body`);
        for (const [id, { value }] of Object.entries(examples ?? {})) {
          if (!Value.Check(body, value)) faults.push(`${name}: ${id}`);
        }
      }
      expect(faults).toEqual([]);
    }));

  test('has examples that fit their schemas', () =>
    withApp({}, async (opened) => {
      const document = await documentOf(opened);
      const faultsOf = faultFinder(document);
      const faults: string[] = [];
      let count = 0;
      for (const [name, { requestBody, responses }] of operationsOf(document)) {
        for (const { content } of [
          ...(requestBody ? [requestBody] : []),
          ...Object.values(responses),
        ]) {
          for (const { schema, examples = {} } of Object.values(content)) {
            for (const [id, { value }] of Object.entries(examples)) {
              count += 1;
              const found = faultsOf(schema?.$ref ?? '', value);
              faults.push(...found.map((fault) => `${name} ${id}: ${fault}`));
            }
          }
        }
      }
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(100);
    }));

  test('asks for the key that the route asks for', () =>
    withApp({}, async (opened) => {
      const unasked: string[] = [];
      for (const [name, { responses }] of operationsOf(await documentOf(opened))) {
        const [method = '', path = ''] = name.split(' ');
        const { status } = await opened.ask(path.replace('{id}', 'x'), { method });
        if ((status === 401) !== '401' in responses) unasked.push(name);
      }
      expect(unasked).toEqual([]);
    }));

  test('has words on every parameter, and on all that routes read from a query', () =>
    withApp({}, async (opened) => {
      const operations = operationsOf(await documentOf(opened));
      const parameters = operations.flatMap(([, { parameters = [] }]) => parameters);
      expect(parameters.filter(({ description }) => !description)).toEqual([]);
      const inQuery = parameters.filter((parameter) => parameter.in === 'query');
      const read = apiRoutes(opened).flatMap(({ query }) => query);
      expect(inQuery.map(({ name }) => name).sort()).toEqual(read.sort());
      expect(read).toContain('from');
    }));
});

describe('the pages', () => {
  test.each(['/docs', '/docs/', '/docs/examples'])(
    '%s comes without a key, and so does all that it loads',
    (path) =>
      withApp({}, async ({ ask }) => {
        const page = await ask(path);
        expect([page.status, page.headers.get('content-type')]).toEqual([
          200,
          'text/html; charset=utf-8',
        ]);
        const html = await page.text();
        const loaded = [...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, url]) => url ?? '');
        const statuses = await Promise.all(loaded.map(async (url) => (await ask(url)).status));
        expect(loaded).toContain('/docs/assets/docs.css');
        expect(statuses).toEqual(loaded.map(() => 200));
      }),
  );

  test('the style sheets load nothing', () =>
    withApp({}, async ({ ask }) => {
      for (const name of ['docs.css', 'swagger-ui.css']) {
        const style = await (await ask(`/docs/assets/${name}`)).text();
        const urls = [...style.matchAll(/@import|url\((?!"?data:)[^)]*\)/g)].map(([url]) => url);
        expect({ name, urls }).toEqual({ name, urls: [] });
      }
    }));

  test('another method is told which there are', () =>
    withApp({}, async ({ ask }) => {
      const response = await ask('/docs/json', { method: 'POST' });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }));

  test('GET / links to them', () =>
    withApp({}, async ({ ask }) => {
      expect(await (await ask('/')).json()).toMatchObject({ links: { docs: '/docs' } });
    }));
});

test('with DOCS_ENABLED=false there is none of it', () =>
  withApp({ DOCS_ENABLED: 'false' }, async ({ ask }) => {
    const paths = ['/docs', '/docs/json', '/docs/examples', '/docs/assets/swagger-ui.js'];
    const statuses = await Promise.all(paths.map(async (path) => (await ask(path)).status));
    expect(statuses).toEqual([404, 404, 404, 404]);
    expect(await (await ask('/')).json()).not.toHaveProperty('links.docs');
  }));
