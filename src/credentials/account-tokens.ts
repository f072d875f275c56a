import { readUserId } from '../upstream/zai-web/token-claims.ts';
import { type Credential, createCredential } from './credential.ts';

/** An entry that cannot be used. It is told by its place, since even a wrong one may be secret. */
interface RefusedToken {
  /** 1 for the first entry. */
  position: number;
  reason: string;
}

/** What the operator's list of account tokens comes to. */
export interface AccountTokens {
  accounts: Credential[];
  refused: RefusedToken[];
}

/** What is wrong with an entry that `readAccountToken` does not take. */
export const NOT_A_TOKEN =
  'not a chat.z.ai token: these are JWTs (three parts joined by dots) that name a user';

/**
 * Reads a token as people paste it: with blanks around or `Bearer` before. null when it can't be one.
 * It is read, not tried: the service may still reject it.
 */
export function readAccountToken(entry: string): Credential | null {
  const secret = entry.trim().replace(/^Bearer\s+/i, '');
  const userId = readUserId(secret);
  return userId === null ? null : createCredential('account', secret, userId);
}

/** Reads account tokens, one an entry. Entries that repeat an earlier one collapse. */
export function parseAccountTokens(entries: readonly string[]): AccountTokens {
  const accounts = new Map<string, Credential>();
  const refused: RefusedToken[] = [];
  for (const [index, entry] of entries.entries()) {
    const account = readAccountToken(entry);
    if (account === null) refused.push({ position: index + 1, reason: NOT_A_TOKEN });
    else if (!accounts.has(account.id)) accounts.set(account.id, account);
  }
  return { accounts: [...accounts.values()], refused };
}
