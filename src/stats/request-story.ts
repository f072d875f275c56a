import type { UpstreamFailure } from '../upstream-failure.ts';

/**
 * How one try at an upstream went. Every time is in ms, those named `…AtMs` since the request came;
 * null = it never came to that.
 */
export interface AttemptStory {
  /** Counts from 1 over the request's attempts; null when the upstream lent no credential for one. */
  number: number | null;
  upstream: string;
  /** The id of the credential, never the secret. */
  credentialId: string | null;
  /** `refused`: no credential was lent. */
  state: 'completed' | 'cancelled' | 'failed' | 'refused';
  /** How long it waited for its credential. */
  leaseMs: number;
  /** When it had its credential. */
  startedAtMs: number;
  /** When its request could be sent: images are uploaded and the version is known by then. */
  preparedAtMs: number | null;
  /** When the first words came. */
  firstByteAtMs: number | null;
  endedAtMs: number;
  failure: Pick<UpstreamFailure, 'kind' | 'message' | 'status' | 'upstreamCode'> | null;
}

/** How a request came to its end: its tries in the order in which they began. No secrets. */
export interface RequestStory {
  attempts: readonly AttemptStory[];
  /** How many more there were: a story has at most `MAX_ATTEMPTS`. */
  omitted: number;
}

/** The first ones; with the length of messages it bounds a story to some kB. */
const MAX_ATTEMPTS = 32;
const MAX_MESSAGE_LENGTH = 300;

/** A story as compact JSON: whole ms, nothing that is null. */
export function encodeStory({ attempts, omitted }: RequestStory): string {
  const kept = attempts.slice(0, MAX_ATTEMPTS);
  return JSON.stringify(
    { attempts: kept, omitted: omitted + attempts.length - kept.length },
    shorten,
  );
}

/** What `encodeStory` has made of a story; null for text that is not of its making. */
export function decodeStory(text: string | null): RequestStory | null {
  if (text === null) return null;
  try {
    const { attempts, omitted }: { attempts: Partial<AttemptStory>[]; omitted: number } =
      JSON.parse(text);
    return { attempts: attempts.map(fillIn), omitted };
  } catch {
    return null; // A row of a release to come, or changed by hand: the rest of it can be shown.
  }
}

function shorten(_key: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === 'number') return Math.round(value);
  return typeof value === 'string' ? value.slice(0, MAX_MESSAGE_LENGTH) : value;
}

function fillIn(attempt: Partial<AttemptStory>): AttemptStory {
  const { failure } = attempt;
  return {
    number: null,
    upstream: '',
    credentialId: null,
    state: 'failed',
    leaseMs: 0,
    startedAtMs: 0,
    preparedAtMs: null,
    firstByteAtMs: null,
    endedAtMs: 0,
    ...attempt,
    failure: failure ? { ...NO_FAILURE, ...failure } : null,
  };
}

const NO_FAILURE = { kind: 'unavailable', message: '', status: null, upstreamCode: null } as const;
