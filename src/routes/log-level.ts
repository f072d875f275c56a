import { Elysia } from 'elysia';
import { adminAuth } from '../http/client-auth.ts';
import { jsonBody } from '../http/json-body.ts';
import type { LogLevel } from '../logging/log-level.ts';
import { LOG_DOCS } from './log-docs.ts';
import { LogLevelChange, LogLevelObject } from './log-schema.ts';

export interface LogLevelRouteOptions {
  adminKey: string;
  maxBodyBytes: number;
  level: LogLevel;
}

/** `GET` and `PUT /v1/log-level` (admin key): how much is logged, while the gateway runs. */
export const logLevelRoutes = ({ adminKey, maxBodyBytes, level }: LogLevelRouteOptions) =>
  new Elysia({ name: 'log-level-routes' })
    .use(adminAuth({ key: adminKey }))
    .use(jsonBody({ maxBytes: maxBodyBytes }))
    .get('/v1/log-level', () => toLogLevelObject(level), {
      response: LogLevelObject,
      detail: LOG_DOCS.readLevel,
    })
    .put(
      '/v1/log-level',
      ({ body }) => {
        level.set(body.level, body.for === undefined ? null : body.for * 1_000);
        return toLogLevelObject(level);
      },
      { body: LogLevelChange, response: LogLevelObject, detail: LOG_DOCS.changeLevel },
    );

function toLogLevelObject({ status }: LogLevel): LogLevelObject {
  const { level, configured, untilMs } = status;
  const until = untilMs === null ? null : new Date(untilMs).toISOString();
  return { object: 'log_level', level, configured, until };
}
