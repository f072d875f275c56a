import { createCredential } from '../../src/credentials/credential.ts';
import type { CredentialVerdict } from '../../src/credentials/validate-credential.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

/** An account of a user, whose id is the user's name's own. */
export const account = (name: string) => createCredential('account', `secret of ${name}`, name);

/** The service knows it. */
export const GOOD: CredentialVerdict = { verdict: 'account', userId: null };

/** The service does not want it. */
export const BAD: CredentialVerdict = { verdict: 'refused', reason: 'It is dead.' };

/** The service can't be asked. */
export const UNKNOWN: CredentialVerdict = {
  verdict: 'unknown',
  failure: upstreamFailure('unreachable', 'chat.z.ai could not be reached.'),
};
