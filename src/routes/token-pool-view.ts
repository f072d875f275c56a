import type { AddedCredential } from '../credentials/added-credential.ts';
import type { BrakeStatus } from '../credentials/brake.ts';
import type {
  CheckedCredential,
  CredentialDesk,
  CredentialView,
} from '../credentials/credential-desk.ts';
import type { CredentialPool } from '../credentials/credential-pool.ts';
import type { GuestPool } from '../credentials/guest-pool.ts';
import type { Health } from '../credentials/health.ts';
import type { TokenObject, UpstreamStatus } from './token-pool-schema.ts';

/** What the status of one upstream tells of. */
export interface PoolParts {
  desk: Pick<CredentialDesk, 'upstream' | 'list'>;
  pool: Pick<CredentialPool, 'brake' | 'inFlight' | 'readiness'>;
  /** null when guests are not allowed. */
  guests: Pick<GuestPool, 'statuses'> | null;
}

const NO_FREE_CALL =
  'This API has no call that tells for free whether a key is good: the next request with it will.';

/** A token, as the API shows it. */
export function toTokenObject(credential: CredentialView): TokenObject {
  const { status } = credential;
  const { completed = 0, failed = 0, cancelled = 0, lastUsedAtMs = null } = status?.counts ?? {};
  return {
    id: credential.id,
    object: 'token',
    upstream: credential.upstream,
    kind: credential.kind,
    hash_end: credential.hashEnd,
    user_id: credential.userId,
    sources: credential.sources,
    disabled: credential.disabled,
    health: status?.health.state ?? 'checking',
    ...causeOf(status?.health ?? null),
    models: Array.from(status?.modelHealth ?? [], ([model, health]) => ({
      model,
      health: health.state,
      ...causeOf(health),
    })),
    in_flight: status?.inFlight ?? 0,
    counts: { completed, failed, cancelled },
    added_at: toIso(credential.addedAtMs),
    checked_at: toIso(credential.checkedAtMs),
    last_used_at: toIso(lastUsedAtMs),
  };
}

/**
 * One upstream in numbers, as the API shows it. `maxInFlight`: setting `CREDENTIAL_CONCURRENCY`; 0 =
 * no limit.
 */
export function toUpstreamStatus(
  { desk, pool, guests }: PoolParts,
  maxInFlight: number,
): UpstreamStatus {
  const credentials = desk.list();
  const states = credentials.map(({ disabled, status }) =>
    disabled ? 'disabled' : (status?.health.state ?? 'checking'),
  );
  const countOf = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
  const lack = pool.readiness();
  return {
    upstream: desk.upstream,
    ready: lack === null,
    reason: lack?.message ?? null,
    tokens: {
      total: credentials.length,
      healthy: countOf('healthy'),
      cooling: countOf('cooling'),
      probing: countOf('probing'),
      out: countOf('out'),
      checking: countOf('checking'),
      disabled: countOf('disabled'),
    },
    in_flight: sum(pool.inFlight.values()),
    max_in_flight_per_token: maxInFlight === 0 ? null : maxInFlight,
    brake: describeBrake(pool.brake),
    guests: guests && describeGuests(guests),
  };
}

/** What became of one entry of an update, as the API shows it. */
export function toUpdateItem(added: AddedCredential) {
  switch (added.result) {
    case 'added':
    case 'already_there':
      return { result: added.result, id: added.id, reason: null };
    case 'refused':
      return { result: added.result, id: null, reason: added.reason };
    case 'not_checked':
      return { result: added.result, id: null, reason: added.failure.message };
    default:
      return added satisfies never;
  }
}

/** What the service says of one token, as the API shows it. */
export function toHealthCheckItem({ id, verdict }: CheckedCredential) {
  if (verdict === null) return { id, result: 'unknown' as const, reason: NO_FREE_CALL };
  switch (verdict.verdict) {
    case 'account':
      return { id, result: 'alive' as const, reason: null };
    case 'refused':
      return { id, result: 'dead' as const, reason: verdict.reason };
    case 'unknown':
      return { id, result: 'unknown' as const, reason: verdict.failure.message };
    default:
      return verdict satisfies never;
  }
}

/** A single failure or two in a row leave it healthy: there is nothing to explain. */
function causeOf(health: Health | null): Pick<TokenObject, 'until' | 'reason'> {
  if (health === null || health.state === 'healthy') return { until: null, reason: null };
  return {
    until: health.state === 'cooling' ? toIso(health.untilMs) : null,
    reason: health.reason,
  };
}

function describeBrake(brake: BrakeStatus): UpstreamStatus['brake'] {
  return {
    state: brake.state,
    until: brake.state === 'open' ? toIso(brake.untilMs) : null,
    reason: brake.state === 'closed' ? null : brake.failure.message,
  };
}

function describeGuests(guests: Pick<GuestPool, 'statuses'>): UpstreamStatus['guests'] {
  const all = guests.statuses();
  return {
    total: all.length,
    spare: all.filter(({ role }) => role === 'spare').length,
    in_flight: sum(all.map(({ inFlight }) => inFlight)),
  };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
