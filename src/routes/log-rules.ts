import { Elysia } from 'elysia';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { jsonBody } from '../http/json-body.ts';
import type { DebugRule, DebugRules } from '../logging/debug-rules.ts';
import { UnknownLogRuleError } from '../logging/log-rule-errors.ts';
import { LOG_DOCS } from './log-docs.ts';
import { DeletedLogRule, LogRuleList, LogRuleObject, NewLogRule } from './log-schema.ts';

export interface LogRuleRouteOptions {
  adminKey: string;
  maxBodyBytes: number;
  rules: DebugRules;
}

const DEFAULT_SECONDS = 600;

/**
 * `GET` and `POST /v1/log-rules`, `DELETE /v1/log-rules/:id` (admin key): which requests are logged at
 * debug level for a while, whatever the level of the log.
 */
export const logRuleRoutes = ({ adminKey, maxBodyBytes, rules }: LogRuleRouteOptions) =>
  new Elysia({ name: 'log-rule-routes' })
    .use(adminAuth({ key: adminKey }))
    .use(jsonBody({ maxBytes: maxBodyBytes, isOptional: true }))
    .get(
      '/v1/log-rules',
      () => ({ object: 'list' as const, data: rules.list().map(toLogRuleObject) }),
      { response: LogRuleList, detail: LOG_DOCS.listRules },
    )
    .post(
      '/v1/log-rules',
      ({ body, status }) => {
        const { client_key_id, request_id_prefix, prompts = false } = body;
        if (client_key_id === undefined && request_id_prefix === undefined) {
          throw new InvalidRequestError("Send 'client_key_id' or 'request_id_prefix'.");
        }
        const wish = {
          clientKeyId: client_key_id ?? null,
          requestIdPrefix: request_id_prefix ?? null,
          prompts,
        };
        const rule = rules.add(wish, (body.for ?? DEFAULT_SECONDS) * 1_000);
        return status(201, toLogRuleObject(rule));
      },
      { body: NewLogRule, response: { 201: LogRuleObject }, detail: LOG_DOCS.addRule },
    )
    .delete(
      '/v1/log-rules/:id',
      ({ params: { id } }) => {
        if (!rules.delete(id)) throw new UnknownLogRuleError(id);
        return { id, object: 'log_rule' as const, deleted: true as const };
      },
      { response: DeletedLogRule, detail: LOG_DOCS.deleteRule },
    );

function toLogRuleObject(rule: DebugRule): LogRuleObject {
  return {
    id: rule.id,
    object: 'log_rule',
    client_key_id: rule.clientKeyId,
    request_id_prefix: rule.requestIdPrefix,
    prompts: rule.prompts,
    until: new Date(rule.untilMs).toISOString(),
  };
}
