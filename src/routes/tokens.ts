import { Elysia } from 'elysia';
import type { TokenDesk } from '../credentials/token-desk.ts';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { longRunning } from '../http/client-connection.ts';
import { jsonBody } from '../http/json-body.ts';
import { unlessLeft } from '../http/unless-left.ts';
import {
  DeletedToken,
  NewToken,
  TokenChange,
  TokenObject,
  TokenObjectList,
} from './token-pool-schema.ts';
import { toTokenObject } from './token-pool-view.ts';

export interface TokenRouteOptions {
  adminKey: string;
  maxBodyBytes: number;
  idleTimeoutSeconds: number;
  desk: TokenDesk;
}

const tags = ['Token pool'];

/**
 * `GET` and `POST /v1/token-pool/tokens`, `GET`, `PATCH` and `DELETE /v1/token-pool/tokens/:id` (admin
 * key): the account tokens of the web chat one by one. No token's value comes out again.
 */
export const tokenRoutes = ({ adminKey, desk, ...limits }: TokenRouteOptions) =>
  new Elysia({ name: 'token-routes' })
    .use(adminAuth({ key: adminKey }))
    .use(jsonBody({ maxBytes: limits.maxBodyBytes, isOptional: true }))
    .use(longRunning({ idleTimeoutSeconds: limits.idleTimeoutSeconds }))
    .get(
      '/v1/token-pool/tokens',
      () => ({ object: 'list' as const, data: desk.list().map(toTokenObject) }),
      { response: TokenObjectList, detail: { summary: 'All tokens', tags } },
    )
    .post(
      '/v1/token-pool/tokens',
      async ({ body, connection, status }) => {
        const added = await unlessLeft(connection.signal, (signal) => desk.add(body.token, signal));
        return status(201, toTokenObject(added));
      },
      {
        body: NewToken,
        response: { 201: TokenObject },
        detail: { summary: 'Add a token, if the service says that it is an account’s', tags },
      },
    )
    .get('/v1/token-pool/tokens/:id', ({ params }) => toTokenObject(desk.find(params.id)), {
      response: TokenObject,
      detail: { summary: 'One token', tags },
    })
    .patch(
      '/v1/token-pool/tokens/:id',
      ({ body: { disabled, health }, params: { id } }) => {
        if (disabled === undefined && health === undefined) {
          throw new InvalidRequestError("Nothing to change: send 'disabled' or 'health'.");
        }
        if (disabled !== undefined) desk.setDisabled(id, disabled);
        if (health !== undefined) desk.heal(id);
        return toTokenObject(desk.find(id));
      },
      {
        body: TokenChange,
        response: TokenObject,
        detail: { summary: 'Disable or enable a token, or forget its failures', tags },
      },
    )
    .delete(
      '/v1/token-pool/tokens/:id',
      ({ params: { id } }) => {
        desk.delete(id);
        return { id, object: 'token' as const, deleted: true as const };
      },
      {
        response: DeletedToken,
        detail: { summary: 'Delete a token; no setting and no file brings it back', tags },
      },
    );
