import { randomBytes } from 'node:crypto';

/** What stands behind one API key. */
export interface KeyAccount {
  secret: string;
  /** Which of the two base URLs the key is for. */
  plan: 'general' | 'coding';
  /** In no currency; at 0 nothing is served. */
  balance: number;
  expired: boolean;
  locked: boolean;
  /** How many replies may be under way at once. */
  concurrency: number;
  /** The `retry-after` of its refusals while it asks too often; null = it does not. */
  rateLimitedSeconds: number | null;
  /** When a used-up quota resets, in the vendor's words (`2026-09-12 00:35:41`); null = not used up. */
  quotaResetsAt: string | null;
  /** Models that it may not use. */
  forbiddenModels: readonly string[];
}

/** The keys of one simulated service. */
export interface Keys {
  add(account?: Partial<KeyAccount>): KeyAccount;
  find(secret: string): KeyAccount | undefined;
}

/** Starts with no keys. */
export function createKeys(): Keys {
  const bySecret = new Map<string, KeyAccount>();
  return {
    add(wanted = {}) {
      const account: KeyAccount = {
        secret: makeSecret(),
        plan: 'general',
        balance: 100,
        expired: false,
        locked: false,
        concurrency: Number.POSITIVE_INFINITY,
        rateLimitedSeconds: null,
        quotaResetsAt: null,
        forbiddenModels: [],
        ...wanted,
      };
      bySecret.set(account.secret, account);
      return account;
    },
    find: (secret) => bySecret.get(secret),
  };
}

/** As the vendor's look: an id, a dot, the secret proper. */
function makeSecret(): string {
  return `${randomBytes(16).toString('hex')}.${randomBytes(12).toString('hex').slice(0, 16)}`;
}
