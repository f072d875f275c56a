import packageJson from '../../../package.json' with { type: 'json' };
import type { ApiExchange } from '../upstream-request.ts';
import { apiUrl } from './call-api.ts';
import { buildBody } from './request-body.ts';

/** A completion ready to be sent. Its headers carry the credential: never log them. */
export interface ApiRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Builds a completion on the official API's wire. Pure. */
export function buildApiRequest(exchange: ApiExchange): ApiRequest {
  const { secret } = exchange.credential;
  return {
    url: apiUrl(exchange.baseUrl, '/chat/completions'),
    headers: {
      Accept: 'text/event-stream',
      // Z.ai words its errors in Chinese otherwise.
      'Accept-Language': 'en-US,en',
      // A server of one's own may ask for no key.
      ...(secret !== '' && { Authorization: `Bearer ${secret}` }),
      'Content-Type': 'application/json',
      ...exchange.traceHeaders,
      'User-Agent': `glm-gateway/${packageJson.version}`,
    },
    body: JSON.stringify(buildBody(exchange)),
  };
}
