import { startDeadline } from '../lib/deadline.ts';
import { mapLimited } from '../lib/map-limited.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';
import type { CredentialVerdict } from './validate-credential.ts';

/** Asks the service about one credential. Rejects only when the signal aborts, with its reason. */
export type CheckCredential = (
  credential: Credential,
  signal: AbortSignal,
) => Promise<CredentialVerdict>;

const AT_ONCE = 4;
/** The answer is a lookup on their side; chats may be waiting for it. */
const TIMEOUT_MS = 4_000;
/** As many unknown in a row speak of the service: it isn't asked about the rest. */
const UNKNOWN_IN_A_ROW = 4;

/**
 * Asks about several credentials, four at once, and answers in order; `onVerdict` hears of each as it
 * comes. When the service can't be asked, this takes 10 s however many there are: the rest are
 * `unknown` for the same reason. Rejects only when `signal` aborts, with its reason.
 */
export function checkCredentials(
  check: CheckCredential,
  credentials: readonly Credential[],
  signal: AbortSignal,
  onVerdict: (credential: Credential, verdict: CredentialVerdict) => void = () => undefined,
): Promise<CredentialVerdict[]> {
  let unknownInARow = 0;
  let outage: UpstreamFailure | null = null;

  async function ask(credential: Credential): Promise<CredentialVerdict> {
    if (outage !== null) return { verdict: 'unknown', failure: outage };
    const verdict = await checkInTime(check, credential, signal);
    unknownInARow = verdict.verdict === 'unknown' ? unknownInARow + 1 : 0;
    if (verdict.verdict === 'unknown' && unknownInARow >= UNKNOWN_IN_A_ROW) {
      outage = verdict.failure;
    }
    return verdict;
  }

  return mapLimited(credentials, AT_ONCE, async (credential) => {
    const verdict = await ask(credential);
    onVerdict(credential, verdict);
    return verdict;
  });
}

async function checkInTime(
  check: CheckCredential,
  credential: Credential,
  signal: AbortSignal,
): Promise<CredentialVerdict> {
  using deadline = startDeadline(TIMEOUT_MS, signal, () => new Error('it took too long'));
  try {
    return await check(credential, deadline.signal);
  } catch (error) {
    if (signal.aborted || !deadline.isOver) throw error;
    const message = `Z.ai did not say within ${TIMEOUT_MS / 1000} s whose token it is.`;
    return { verdict: 'unknown', failure: upstreamFailure('first-byte-timeout', message) };
  }
}
