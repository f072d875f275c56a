import type { ApiExchange } from '../upstream-request.ts';
import { apiHeaders } from './api-headers.ts';
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
  return {
    url: apiUrl(exchange.baseUrl, '/chat/completions'),
    headers: {
      Accept: 'text/event-stream',
      ...apiHeaders(exchange.credential.secret),
      'Content-Type': 'application/json',
      ...exchange.traceHeaders,
    },
    body: JSON.stringify(buildBody(exchange)),
  };
}
