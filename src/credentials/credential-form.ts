import type { UpstreamId } from '../upstream-id.ts';
import { NOT_A_TOKEN, readAccountToken } from './account-tokens.ts';
import { type Credential, createCredential } from './credential.ts';

/** How an operator writes the credentials of one upstream. */
export interface CredentialForm {
  kind: 'account' | 'api-key';
  /** Takes an entry as people paste it; null when it can't be one. It is read, not tried. */
  read(entry: string): Credential | null;
  /** What is wrong with an entry that `read` does not take. */
  mismatch: string;
}

/** Far longer than any vendor's, and far shorter than the header lines that servers take. */
const MAX_KEY_LENGTH = 4_096;
/** What a header's value may hold, white space excepted. */
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_KEY_LENGTH}}$`);

/** The form of each upstream's credentials. */
export const CREDENTIAL_FORMS: Readonly<Record<UpstreamId, CredentialForm>> = {
  'zai-web': { kind: 'account', read: readAccountToken, mismatch: NOT_A_TOKEN },
  'zai-api': {
    kind: 'api-key',
    read: readApiKey,
    mismatch: `not an API key: these are up to ${MAX_KEY_LENGTH} ASCII characters without white space`,
  },
};

/** Nothing more is known of keys: servers of one's own have any. */
function readApiKey(entry: string): Credential | null {
  const secret = entry.trim().replace(/^Bearer\s+/i, '');
  return KEY.test(secret) ? createCredential('api-key', secret, '') : null;
}
