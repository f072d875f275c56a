/**
 * `account`: a token of the operator's for the web chat. `guest`: minted by the gateway, with the
 * service's leave. `api-key`: a key of the operator's for the official API.
 */
export type CredentialKind = 'account' | 'guest' | 'api-key';

/** A Z.ai secret the gateway borrows. Logs and messages name it by its id, nothing else. */
export interface Credential {
  /** A short hash of the secret: the same after every start, and no help in guessing it. */
  readonly id: string;
  readonly kind: CredentialKind;
  readonly secret: string;
  /** The user the web chat knows it as, part of every signature; '' for API keys. */
  readonly userId: string;
}

/** 48 bits: with 10,000 credentials, the odds of two alike are one in five million. */
const ID_LENGTH = 12;

/** Makes a credential and its id. */
export function createCredential(kind: CredentialKind, secret: string, userId: string): Credential {
  const id = new Bun.CryptoHasher('sha256').update(secret).digest('hex').slice(0, ID_LENGTH);
  return { id, kind, secret, userId };
}
