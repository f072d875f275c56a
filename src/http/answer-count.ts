import { Elysia } from 'elysia';
import type { Answer } from '../metrics/gateway-metrics.ts';

/** RFC 9110, 9.3, and PATCH. A client can send any other word. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Tells of every answer, when it is out. Preflights are not told of. */
export const answerCount = ({ count }: { count: (answer: Answer) => void }) =>
  new Elysia({ name: 'answer-count' }).onAfterResponse(
    { as: 'global' },
    ({ request: { method }, route, set, responseValue }) => {
      count({
        method: METHODS.has(method) ? method : '_OTHER',
        // Elysia has none for a path that is no route's, whatever its type says.
        route: route ?? null,
        status: responseValue instanceof Response ? responseValue.status : Number(set.status),
      });
    },
  );
