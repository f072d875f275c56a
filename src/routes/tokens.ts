import { Elysia } from 'elysia';
import type { CredentialDesks } from '../credentials/credential-desks.ts';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { longRunning } from '../http/client-connection.ts';
import { jsonBody } from '../http/json-body.ts';
import { unlessLeft } from '../http/unless-left.ts';
import { TOKEN_DOCS } from './token-pool-docs.ts';
import {
  DeletedToken,
  NewToken,
  TokenChange,
  TokenFilter,
  TokenObject,
  TokenObjectList,
} from './token-pool-schema.ts';
import { toTokenObject } from './token-pool-view.ts';

export interface TokenRouteOptions {
  adminKey: string;
  maxBodyBytes: number;
  idleTimeoutSeconds: number;
  desks: CredentialDesks;
}

/**
 * `GET` and `POST /v1/token-pool/tokens`, `GET`, `PATCH` and `DELETE /v1/token-pool/tokens/:id` (admin
 * key): the account tokens of the web chat, and the keys of the API, one by one. No value comes out
 * again.
 */
export const tokenRoutes = ({ adminKey, desks, ...limits }: TokenRouteOptions) =>
  new Elysia({ name: 'token-routes' })
    .use(adminAuth({ key: adminKey }))
    .use(jsonBody({ maxBytes: limits.maxBodyBytes, isOptional: true }))
    .use(longRunning({ idleTimeoutSeconds: limits.idleTimeoutSeconds }))
    .get(
      '/v1/token-pool/tokens',
      ({ query }) => ({
        object: 'list' as const,
        data: desks.list(query.upstream ?? null).map(toTokenObject),
      }),
      { query: TokenFilter, response: TokenObjectList, detail: TOKEN_DOCS.list },
    )
    .post(
      '/v1/token-pool/tokens',
      async ({ body, connection, status }) => {
        const desk = desks.at(body.upstream ?? null);
        const added = await unlessLeft(connection.signal, (signal) => desk.add(body.token, signal));
        return status(201, toTokenObject(added));
      },
      {
        body: NewToken,
        response: { 201: TokenObject },
        detail: TOKEN_DOCS.add,
      },
    )
    .get(
      '/v1/token-pool/tokens/:id',
      ({ params: { id } }) => toTokenObject(desks.of(id).find(id)),
      {
        response: TokenObject,
        detail: TOKEN_DOCS.find,
      },
    )
    .patch(
      '/v1/token-pool/tokens/:id',
      ({ body: { disabled, health }, params: { id } }) => {
        if (disabled === undefined && health === undefined) {
          throw new InvalidRequestError("Nothing to change: send 'disabled' or 'health'.");
        }
        const desk = desks.of(id);
        if (disabled !== undefined) desk.setDisabled(id, disabled);
        if (health !== undefined) desk.heal(id);
        return toTokenObject(desk.find(id));
      },
      {
        body: TokenChange,
        response: TokenObject,
        detail: TOKEN_DOCS.change,
      },
    )
    .delete(
      '/v1/token-pool/tokens/:id',
      ({ params: { id } }) => {
        desks.of(id).delete(id);
        return { id, object: 'token' as const, deleted: true as const };
      },
      {
        response: DeletedToken,
        detail: TOKEN_DOCS.delete,
      },
    );
