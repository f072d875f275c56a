import type { ConnectionPlace } from './connection-watch.ts';
import type { UpstreamExchange } from './upstream-request.ts';
import type { OpenedReply } from './upstream-result.ts';
import { openApiReply } from './zai-api/open-reply.ts';
import { openWebReply } from './zai-web/open-reply.ts';

/**
 * Opens one reply of any upstream and hands over its body as server-sent events, unread. Rejects
 * only when `signal` aborts, which closes the connection at any time, also while the body is read.
 */
export function openReply(exchange: UpstreamExchange, signal: AbortSignal): Promise<OpenedReply> {
  switch (exchange.upstream) {
    case 'zai-web':
      return openWebReply(exchange, signal);
    case 'zai-api':
      return openApiReply(exchange, signal);
    default:
      return exchange satisfies never;
  }
}

/** Where the connections of an exchange go. */
export function placeOf(exchange: UpstreamExchange): ConnectionPlace {
  const { proxyUrl } = exchange;
  const url = exchange.upstream === 'zai-web' ? exchange.completionsUrl : exchange.baseUrl;
  return { url, proxyUrl };
}
