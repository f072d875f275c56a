import type { UpstreamRequest, WebExchange } from '../../../src/upstream/upstream-request.ts';

/** A JWT with these claims; nobody checks its signature. */
export function makeJwt(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** A request with one user message and nothing set. */
export function makeRequest(overrides: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    messages: [{ role: 'user', content: 'hello' }],
    temperature: null,
    topP: null,
    doSample: null,
    seed: null,
    frequencyPenalty: null,
    presencePenalty: null,
    maxTokens: null,
    stop: [],
    thinking: false,
    clearThinking: null,
    webSearch: false,
    tools: null,
    json: null,
    reminder: null,
    user: null,
    ...overrides,
  };
}

/** An exchange for GLM-4.5 with user-42's credential. */
export function makeExchange(overrides: Partial<WebExchange> = {}): WebExchange {
  return {
    upstream: 'zai-web',
    completionsUrl: 'https://chat.z.ai/api/v2/chat/completions',
    signingSecret: 'key-@@@@)))()((9))-xxxx&&&%%%%%',
    feVersion: 'prod-fe-1.1.92',
    userAgent: 'Mozilla/5.0 (test)',
    proxyUrl: null,
    credential: { secret: makeJwt({ id: 'user-42' }), userId: 'user-42' },
    model: { upstreamId: '0727-360B-API', needsCreatedChat: false, mcpServers: [] },
    request: makeRequest(),
    images: [],
    ...overrides,
  };
}

/** An origin where nobody listens any more. */
export async function closedOrigin(): Promise<string> {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { origin } = server.url;
  await server.stop(true);
  return origin;
}
