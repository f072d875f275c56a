import { createCredential } from '../../src/credentials/credential.ts';
import type { TokenVerdict } from '../../src/credentials/validate-token.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

/** An account of a user, whose id is the user's name's own. */
export const account = (name: string) => createCredential('account', `secret of ${name}`, name);

/** The service knows it. */
export const GOOD: TokenVerdict = { verdict: 'account', userId: null };

/** The service does not want it. */
export const BAD: TokenVerdict = { verdict: 'refused', reason: 'It is dead.' };

/** The service can't be asked. */
export const UNKNOWN: TokenVerdict = {
  verdict: 'unknown',
  failure: upstreamFailure('unreachable', 'chat.z.ai could not be reached.'),
};
