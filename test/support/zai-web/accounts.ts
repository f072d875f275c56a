import { randomBytes, randomUUID } from 'node:crypto';

/** Who a token stands for. Only `user` and `guest` are roles that the real service gives. */
export interface Account {
  token: string;
  userId: string;
  email: string;
  role: string;
  /** Chats in all. */
  chats: number;
  /** Chats since the last `DELETE /api/v1/chats/`. */
  keptChats: number;
  /** A guest's answers since then; those that have ended may be among them. */
  readonly streams: Set<{ readonly state: string }>;
  /** How many times it deleted its chats. */
  deletions: number;
}

/** What a test may fix about a new account; the rest is made up. */
export interface NewAccount {
  userId?: string;
  email?: string;
  /** Default `user`: a signed-up account. */
  role?: string;
  /** A token of one's own; it need not be a JWT. */
  token?: string;
  /** The JWT claim that carries the user id. Default `id`. */
  claim?: 'id' | 'user_id' | 'uid' | 'sub';
}

/** The accounts of one simulated service. */
export interface Accounts {
  add(account?: NewAccount): Account;
  /** A new guest; with the cookie of an earlier one, that guest again. */
  mintGuest(cookie: string | undefined): { guest: Account; cookie: string };
  find(token: string): Account | undefined;
  /** All guests that were minted or added, and not revoked, oldest first. */
  guests(): Account[];
  /** From now on the token is unknown, as one that expired. */
  revoke(token: string): void;
}

/** Starts with no accounts. */
export function createAccounts(): Accounts {
  const byToken = new Map<string, Account>();
  const guestsByCookie = new Map<string, Account>();

  function add(wanted: NewAccount = {}): Account {
    const userId = wanted.userId ?? randomUUID();
    const email = wanted.email ?? `${userId}@example.com`;
    const token = wanted.token ?? makeToken(userId, email, wanted.claim ?? 'id');
    const account: Account = {
      token,
      userId,
      email,
      role: wanted.role ?? 'user',
      chats: 0,
      keptChats: 0,
      streams: new Set(),
      deletions: 0,
    };
    byToken.set(token, account);
    return account;
  }

  return {
    add,
    mintGuest(cookie) {
      const known = cookie === undefined ? undefined : guestsByCookie.get(cookie);
      if (cookie !== undefined && known !== undefined) return { guest: known, cookie };
      const guest = add({ role: 'guest' });
      const fresh = `session=${randomUUID()}`;
      guestsByCookie.set(fresh, guest);
      return { guest, cookie: fresh };
    },
    find: (token) => byToken.get(token),
    guests: () => [...byToken.values()].filter(({ role }) => role === 'guest'),
    revoke: (token) => byToken.delete(token),
  };
}

/** A token of a JWT's shape. Nobody can check its last part, and nobody should. */
function makeToken(userId: string, email: string, claim: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const header = encode({ alg: 'ES256', typ: 'JWT' });
  return `${header}.${encode({ [claim]: userId, email })}.${randomBytes(32).toString('base64url')}`;
}
