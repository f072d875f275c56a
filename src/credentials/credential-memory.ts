import type { CredentialKind } from './credential.ts';
import type { Health } from './health.ts';

/** What a credential's leases came to; each counts once, when it is settled. */
export interface CredentialCounts {
  completed: number;
  failed: number;
  cancelled: number;
  /** When it was last lent, in Unix ms; null = never. */
  lastUsedAtMs: number | null;
}

/** What outlives the process. */
export interface CredentialMemory {
  /** By hand. */
  disabled: boolean;
  health: Health;
  /** By the upstream's own id of the model; healthy ones may be missing. */
  modelHealth: ReadonlyMap<string, Health>;
  counts: CredentialCounts;
}

/** A credential as an operator may see it, as of now: without its secret. */
export interface CredentialStatus extends CredentialMemory {
  id: string;
  kind: CredentialKind;
  userId: string;
  inFlight: number;
}
