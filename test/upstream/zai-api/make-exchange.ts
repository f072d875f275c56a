import type {
  ApiDialect,
  ApiExchange,
  OfferedTools,
  UpstreamRequest,
} from '../../../src/upstream/upstream-request.ts';
import { buildBody } from '../../../src/upstream/zai-api/request-body.ts';
import { makeRequest } from '../zai-web/make-exchange.ts';

/** An exchange for glm-4.6 on the official API. */
export function makeApiExchange(overrides: Partial<ApiExchange> = {}): ApiExchange {
  return {
    upstream: 'zai-api',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    proxyUrl: null,
    credential: { secret: 'key-id.key-secret' },
    model: { upstreamId: 'glm-4.6', toolStream: true, dialect: 'zai' },
    request: makeRequest(),
    ...overrides,
  };
}

/** Functions to call: `add`, and `now` without description and parameters. */
export function makeTools(overrides: Partial<OfferedTools> = {}): OfferedTools {
  const parameters = { type: 'object', properties: { a: { type: 'number' } } };
  return {
    tools: [
      { name: 'add', description: 'Adds.', parameters },
      { name: 'now', description: null, parameters: null },
    ],
    choice: 'auto',
    parallel: true,
    delivery: 'native',
    ...overrides,
  };
}

/** What the body of a request says, in either dialect. */
export function bodyOf(
  overrides: Partial<UpstreamRequest> = {},
  dialect: ApiDialect = 'zai',
  toolStream = true,
): Record<string, unknown> {
  const model = { upstreamId: 'glm-4.6', toolStream, dialect };
  const body = buildBody(makeApiExchange({ model, request: makeRequest(overrides) }));
  return JSON.parse(JSON.stringify(body));
}
