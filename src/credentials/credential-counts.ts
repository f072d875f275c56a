import type { CredentialCounts } from './credential-memory.ts';

/** Of a credential that was never lent. */
export const NO_COUNTS: Readonly<CredentialCounts> = {
  completed: 0,
  failed: 0,
  cancelled: 0,
  lastUsedAtMs: null,
};

/** The counts of both, and the later time of the two. Pure. */
export function addCounts(one: CredentialCounts, other: CredentialCounts): CredentialCounts {
  const lastUsedAtMs = Math.max(one.lastUsedAtMs ?? 0, other.lastUsedAtMs ?? 0);
  return {
    completed: one.completed + other.completed,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    lastUsedAtMs: lastUsedAtMs === 0 ? null : lastUsedAtMs,
  };
}

/** What `all` has counted beyond `part`; its time is that of `all`. Pure. */
export function subtractCounts(all: CredentialCounts, part: CredentialCounts): CredentialCounts {
  return {
    completed: all.completed - part.completed,
    failed: all.failed - part.failed,
    cancelled: all.cancelled - part.cancelled,
    lastUsedAtMs: all.lastUsedAtMs,
  };
}
