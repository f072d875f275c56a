import { type Static, Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { InvalidClientKeyError } from '../errors.ts';
import { type AdminSessions, comesFromOwnPage } from '../http/admin-session.ts';
import { cameByHttps } from '../http/came-by-https.ts';
import { jsonBody } from '../http/json-body.ts';
import { createKeyRing } from '../http/key-ring.ts';
import { LoginAttempts } from '../http/login-attempts.ts';
import { requestContext } from '../http/request-context.ts';

export interface DashboardSessionRouteOptions {
  adminKey: string;
  sessions: AdminSessions;
  trustProxy: boolean;
}

const PATH = '/dashboard/session';
const MAX_BODY_BYTES = 16 * 1024;
const hidden = { detail: { hide: true } };

const Login = Type.Object({ key: Type.String() }, { additionalProperties: true });

/**
 * `GET /dashboard/session`: whether this browser has a session. `POST` with the admin key begins one,
 * `DELETE` ends it in this browser.
 */
export const dashboardSessionRoutes = (options: DashboardSessionRouteOptions) => {
  const { sessions, trustProxy } = options;
  const checkKey = createKeyCheck(options);
  return new Elysia({ name: 'dashboard-session' })
    .use(requestContext)
    .use(jsonBody({ maxBytes: MAX_BODY_BYTES, isOptional: true }))
    .get(PATH, ({ request }) => ({ open: sessions.admits(request) }), hidden)
    .post(
      PATH,
      ({ body, request, requestContext: { clientAddress } }) => {
        checkKey(request, body, clientAddress);
        return emptyAnswer(sessions.begin({ secure: cameByHttps(request, trustProxy) }));
      },
      { body: Login, ...hidden },
    )
    .delete(
      PATH,
      ({ request }) => emptyAnswer(sessions.end({ secure: cameByHttps(request, trustProxy) })),
      hidden,
    );
};

/** @throws InvalidClientKeyError for a wrong key, LoginLimitError for too many of them */
function createKeyCheck({ adminKey }: DashboardSessionRouteOptions) {
  const ring = createKeyRing([adminKey]);
  const attempts = new LoginAttempts();
  return (request: Request, { key }: Static<typeof Login>, clientAddress: string | null) => {
    if (!comesFromOwnPage(request)) {
      throw new InvalidClientKeyError('Log in on the page of the dashboard.');
    }
    attempts.admit(clientAddress);
    if (ring.identify(key) !== null) return;
    attempts.failed(clientAddress);
    throw new InvalidClientKeyError('This is not the admin key.');
  };
}

function emptyAnswer(cookie: string): Response {
  return new Response(null, { status: 204, headers: { 'set-cookie': cookie } });
}
