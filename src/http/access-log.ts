import { Elysia } from 'elysia';
import type { Logger } from '../lib/log.ts';
import { requestContext } from './request-context.ts';

interface AccessLogOptions {
  log: Logger;
  /** Paths whose requests write their own line when they settle, so that a 5xx needs no second one. */
  settledElsewhere: readonly string[];
  /** Where the debug lines of a request go. */
  debugLogOf(requestId: string): Logger;
}

/**
 * One line a request: at warn when it failed on our side, else at debug. Preflights have none, and
 * a stream's line says when it began. What a chat cost is logged where it settles.
 */
export const accessLog = ({ log, settledElsewhere, debugLogOf }: AccessLogOptions) =>
  new Elysia({ name: 'access-log' })
    .use(requestContext)
    .onAfterResponse({ as: 'global' }, ({ request, path, set, responseValue, requestContext }) => {
      const status = responseValue instanceof Response ? responseValue.status : Number(set.status);
      const line = {
        requestId: requestContext.id,
        method: request.method,
        path,
        status,
        ms: Math.round(performance.now() - requestContext.receivedAt),
      };
      if (status >= 500 && !settledElsewhere.includes(path)) log.warn(line, 'request');
      else debugLogOf(requestContext.id).debug(line, 'request');
    });
