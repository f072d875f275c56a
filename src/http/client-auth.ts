import { Elysia } from 'elysia';
import { InvalidClientKeyError } from '../errors.ts';
import { createAdminSessions } from './admin-session.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';

export interface ClientAuthOptions {
  keys: readonly string[];
  /** Open to everyone: no key is asked for, none is looked at. */
  skip: boolean;
}

/**
 * Asks for a client key, as `Authorization: Bearer` or `x-api-key`, before the body is looked at.
 * Gives the routes that use it `clientKeyId`: the id of the key that was shown, null with `skip`.
 */
export const clientAuth = ({ keys, skip }: ClientAuthOptions) => {
  const check = createKeyCheck(createKeyRing(keys), 'client key');
  const clientKeyId = (request: Request) => (skip ? null : check(request));
  return (
    new Elysia({ name: 'client-auth', seed: { keys, skip } })
      // Parsing comes first of what is scoped, and is left out when a request has no body: hence both.
      .onParse({ as: 'scoped' }, ({ request }) => {
        clientKeyId(request);
      })
      .derive({ as: 'scoped' }, ({ request }) => ({ clientKeyId: clientKeyId(request) }))
  );
};

/**
 * Asks for the admin key, in the same headers as a client key, or for a session of the dashboard,
 * before the body is looked at.
 */
export const adminAuth = ({ key }: { key: string }) => {
  const checkKey = createKeyCheck(createKeyRing([key]), 'admin key');
  const sessions = createAdminSessions(key);
  const check = (request: Request) => {
    if (!sessions.admits(request)) checkKey(request);
  };
  return new Elysia({ name: 'admin-auth', seed: key })
    .onParse({ as: 'scoped' }, ({ request }) => {
      check(request);
    })
    .derive({ as: 'scoped' }, ({ request }) => {
      check(request);
      return {};
    });
};

/** Returns the id of the key a request shows, or throws `InvalidClientKeyError`; checks a request once. */
function createKeyCheck(ring: KeyRing, noun: string): (request: Request) => string {
  const checked = new WeakMap<Request, string>();
  return (request) => {
    const known = checked.get(request);
    if (known !== undefined) return known;
    const keyId = identify(request.headers, ring, noun);
    checked.set(request, keyId);
    return keyId;
  };
}

/** Some clients fill both headers and mean either: one good key is enough. */
function identify(headers: Headers, ring: KeyRing, noun: string): string {
  const shown = [bearerToken(headers.get('authorization')), headers.get('x-api-key')].filter(
    (key): key is string => Boolean(key),
  );
  if (shown.length === 0) {
    const how = "'Authorization: Bearer <key>' or 'x-api-key: <key>'";
    throw new InvalidClientKeyError(`No ${noun} was sent. Send ${how}.`);
  }
  for (const key of shown) {
    const keyId = ring.identify(key);
    if (keyId !== null) return keyId;
  }
  throw new InvalidClientKeyError(`The ${noun} that was sent is not a valid one.`);
}

/** RFC 6750, 2.1; a scheme's case does not matter (RFC 9110, 11.1). */
function bearerToken(authorization: string | null): string | null {
  return authorization?.match(/^bearer +(.*)$/i)?.[1]?.trim() ?? null;
}
