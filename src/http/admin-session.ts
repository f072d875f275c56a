import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Of the cookie that stands for the admin key in a browser. */
const COOKIE_NAME = 'glm_gateway_session';

/**
 * A header that the dashboard sends with what changes something. A page of another origin can't send
 * it without being allowed to by CORS, which never lets cookies through.
 */
const WRITE_HEADER = 'x-dashboard';

const LIFETIME_MS = 24 * 60 * 60 * 1_000;

/** A used session this old is replaced by a new one, so that a page which is open stays so. */
const RENEW_AFTER_MS = 60 * 60 * 1_000;

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** The sessions of one admin key. */
export interface AdminSessions {
  /** Whether a request comes from a page of this gateway, in a session that is valid. */
  admits(request: Request): boolean;
  /** A `set-cookie` that begins a session. */
  begin(options: CookieOptions): string;
  /** A `set-cookie` that prolongs the request's session; null when it is new, or not valid. */
  renew(request: Request, options: CookieOptions): string | null;
  /** A `set-cookie` that makes the browser forget its session. */
  end(options: CookieOptions): string;
}

interface CookieOptions {
  /** Whether the browser came by https, and is to send the cookie that way only. */
  secure: boolean;
}

/**
 * A session is its time of issue, some random bytes, and their HMAC under the admin key. So it holds
 * in every process with that key and through restarts, nothing of it has to be kept, and another
 * admin key ends them all.
 *
 * @param now Unix ms.
 */
export function createAdminSessions(adminKey: string, now: () => number = Date.now): AdminSessions {
  const sign = (text: string) =>
    createHmac('sha256', adminKey).update(`admin-session:${text}`).digest();

  /** Unix ms; null when the request has no valid session. */
  function issuedAt({ headers }: Request): number | null {
    const [issued = '', nonce = '', mac = ''] = readCookie(headers.get('cookie')).split('.');
    const shown = Buffer.from(mac, 'base64url');
    const expected = sign(`${issued}.${nonce}`);
    if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) return null;
    const ageMs = now() - Number(issued);
    return ageMs >= 0 && ageMs < LIFETIME_MS ? Number(issued) : null;
  }

  function begin({ secure }: CookieOptions): string {
    const text = `${now()}.${randomBytes(16).toString('base64url')}`;
    return writeCookie(`${text}.${sign(text).toString('base64url')}`, LIFETIME_MS, secure);
  }

  return {
    admits: (request) => comesFromOwnPage(request) && issuedAt(request) !== null,
    begin,
    renew(request, options) {
      const issued = issuedAt(request);
      return issued !== null && now() - issued >= RENEW_AFTER_MS ? begin(options) : null;
    },
    end: ({ secure }) => writeCookie('', 0, secure),
  };
}

/**
 * What a page of another site sends has no cookie, which is `SameSite=Strict`. But that lets pages of
 * the same host on another port through: hence the origin, as the browser tells it, and a header.
 */
export function comesFromOwnPage({ method, headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  if (SAFE_METHODS.has(method)) return true;
  return headers.has(WRITE_HEADER) && (site === 'same-origin' || hasOwnOrigin(headers));
}

/** Over plain http browsers do not send `sec-fetch-site`. A proxy that ends TLS changes the scheme. */
function hasOwnOrigin(headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}

function readCookie(header: string | null): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${COOKIE_NAME}=`));
  return found?.slice(COOKIE_NAME.length + 1) ?? '';
}

function writeCookie(value: string, maxAgeMs: number, secure: boolean): string {
  const maxAge = Math.floor(maxAgeMs / 1_000);
  const cookie = `${COOKIE_NAME}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict`;
  return secure ? `${cookie}; Secure` : cookie;
}
