import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { ORIGIN } from '../../src/docs/examples/example.ts';
import { EXAMPLES } from '../../src/docs/examples/examples.ts';
import { chatBody } from '../support/chat-body.ts';
import { dataUrl, PNG } from '../support/images/sample-images.ts';
import { faultFinder, type OpenApi } from '../support/openapi-document.ts';
import { ADMIN_KEY, CLIENT_KEY, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha } from '../support/zai-web/scenarios/failures.ts';

const PROJECT = join(import.meta.dir, '../..');

/** A request, as the name of its operation and what it sends. */
interface Asked {
  operation: string;
  /** The path, where the operation's has a parameter. */
  path?: string;
  body?: string;
  key?: string;
  status: number;
}

const CHAT = 'POST /v1/chat/completions';
const TOKENS = '/v1/token-pool/tokens';
const admin = { key: ADMIN_KEY };

const ASKED: Asked[] = [
  { operation: 'GET /', status: 200 },
  { operation: 'GET /health', status: 200 },
  { operation: 'GET /ready', status: 200 },
  { operation: 'GET /v1/models', status: 200 },
  { operation: 'GET /v1/models', key: 'wrong', status: 401 },
  { operation: 'GET /v1/models/{id}', path: '/v1/models/glm-4.6', status: 200 },
  { operation: 'GET /v1/models/{id}', path: '/v1/models/none', status: 404 },
  { operation: CHAT, body: chatBody({ stream: false }), status: 200 },
  { operation: CHAT, body: chatBody({ stream: false, seed: 7 }), status: 200 },
  { operation: CHAT, body: chatBody({ stream: true }), status: 200 },
  { operation: CHAT, body: '{', status: 400 },
  { operation: CHAT, body: chatBody({ messages: 1 }), status: 400 },
  { operation: CHAT, body: chatBody({ model: 'none' }), status: 404 },
  { operation: CHAT, body: chatBody(), key: 'wrong', status: 401 },
  { operation: 'GET /v1/stats', ...admin, status: 200 },
  { operation: 'GET /v1/stats', path: '/v1/stats?from=never', ...admin, status: 400 },
  { operation: 'GET /v1/token-pool/status', ...admin, status: 200 },
  { operation: 'POST /v1/token-pool/health-check', ...admin, status: 200 },
  { operation: 'POST /v1/token-pool/update', body: '["no"]', ...admin, status: 200 },
  { operation: `GET ${TOKENS}`, ...admin, status: 200 },
  { operation: `POST ${TOKENS}`, body: '{"token":"no"}', ...admin, status: 422 },
  { operation: `GET ${TOKENS}/{id}`, path: `${TOKENS}/none`, ...admin, status: 404 },
];

/** What an answer has that its operation in the document does not have, or has otherwise. */
async function contradictions(
  gateway: TestGateway,
  { document, faultsOf }: Reference,
  { operation, path, body, key = CLIENT_KEY, status }: Asked,
): Promise<string[]> {
  const [method = '', template = ''] = operation.split(' ');
  const response = await gateway.fetch(path ?? template, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const documented = document.paths[template]?.[method.toLowerCase()]?.responses[status];
  if (response.status !== status || documented === undefined) {
    return [`${operation}: ${response.status}, and not ${status}: ${text}`];
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const content = documented.content[type];
  if (content === undefined) return [`${operation} ${status}: ${type}`];
  const faults =
    type === 'text/event-stream'
      ? chunkFaults(text, faultsOf)
      : faultsOf(content.schema?.$ref ?? '', JSON.parse(text));
  const unnamed = OWN_HEADERS.filter(
    (name) => response.headers.has(name) && !(name in documented.headers),
  );
  return [...faults, ...unnamed].map((fault) => `${operation} ${status}: ${fault}`);
}

const OWN_HEADERS = [
  'x-request-id',
  'x-upstream',
  'x-attempts',
  'x-dropped-params',
  'retry-after',
  'www-authenticate',
  'allow',
];

function chunkFaults(stream: string, faultsOf: Reference['faultsOf']): string[] {
  return stream
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .flatMap((event) =>
      faultsOf('#/components/schemas/ChatCompletionChunk', JSON.parse(event.slice(6))),
    );
}

interface Reference {
  document: OpenApi;
  faultsOf: ReturnType<typeof faultFinder>;
}

async function referenceOf({ origin }: TestGateway): Promise<Reference> {
  const document = (await (await fetch(`${origin}/docs/json`)).json()) as OpenApi;
  return { document, faultsOf: faultFinder(document) };
}

describe('the reference', () => {
  test('says of each answer what it is', () =>
    withGateway({ script: plainAnswer('Hello.') }, async ({ gateway }) => {
      const reference = await referenceOf(gateway);
      await gateway.fetch('/v1/chat/completions', { method: 'POST', body: chatBody() });
      const found: string[] = [];
      for (const asked of ASKED) found.push(...(await contradictions(gateway, reference, asked)));
      expect(found).toEqual([]);
    }));

  test('says what is answered when the upstream does not serve', () =>
    withGateway({ script: captcha() }, async ({ gateway }) => {
      const asked = { operation: CHAT, body: chatBody(), status: 503 };
      expect(await contradictions(gateway, await referenceOf(gateway), asked)).toEqual([]);
    }));

  test('says that of a HEAD which it says of a GET', () =>
    withGateway({}, async ({ gateway }) => {
      for (const path of ['/docs', '/docs/json', '/docs/assets/swagger-ui.js']) {
        const head = await fetch(gateway.origin + path, { method: 'HEAD' });
        expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
      }
    }));
});

describe('the page of examples', () => {
  test('carries the address that the gateway is reached at', () =>
    withGateway({}, async ({ gateway }) => {
      const html = await (await fetch(`${gateway.origin}/docs/examples`)).text();
      expect(html).toContain(`<span class="origin">${gateway.origin}</span>/v1/chat/completions`);
    }));

  // Every reply is one, so that the example which wants JSON gets it.
  const script = plainAnswer('{"name":"Jupiter","moons":95}');

  test.each(EXAMPLES.map(({ id, code }) => [id, code.javascript] as const))(
    'has JavaScript that runs: %s',
    (_id, code) =>
      withGateway({ script }, async ({ gateway }) => {
        const child = Bun.spawn([process.execPath, '-e', forTest(code, gateway)], {
          cwd: PROJECT,
          env: { GLM_API_KEY: CLIENT_KEY, GLM_ADMIN_KEY: ADMIN_KEY },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const [exitCode, printed, complaint] = await Promise.all([
          child.exited,
          child.stdout.text(),
          child.stderr.text(),
        ]);
        expect([exitCode, complaint, printed.trim() !== '']).toEqual([0, '', true]);
      }),
  );

  test.each(EXAMPLES.map(({ id, code }) => [id, code.curl] as const))(
    'has a request for curl that is served: %s',
    (_id, code) =>
      withGateway({ script }, async ({ gateway }) => {
        const command = forTest(code, gateway);
        const [, url = ''] = /(http:[^ ]*)/.exec(command) ?? [];
        const [, key = ''] = /Bearer \$(\w+)/.exec(command) ?? [];
        const [, body] = / -d '(.*)'$/s.exec(command) ?? [];
        const response = await fetch(url, {
          headers: { authorization: `Bearer ${key === 'GLM_ADMIN_KEY' ? ADMIN_KEY : CLIENT_KEY}` },
          ...(body !== undefined && { method: 'POST', body }),
        });
        expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/./)]);
      }),
  );
});

/** The code with this gateway's address, and a picture that can be had without the internet. */
function forTest(code: string, gateway: TestGateway): string {
  return code
    .replaceAll(ORIGIN, gateway.origin)
    .replace('https://www.gstatic.com/webp/gallery/1.jpg', dataUrl(PNG));
}
