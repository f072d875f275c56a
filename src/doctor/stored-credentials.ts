import { type Credential, createCredential } from '../credentials/credential.ts';
import { createCredentialStore, type StoredCredential } from '../credentials/credential-store.ts';
import { inspectDatabase } from '../db/inspect-database.ts';
import type { UpstreamId } from '../upstream-id.ts';

/** What the database has of an upstream's credentials. */
export interface StoredCredentials {
  /** Those that were added by hand, with their secrets. */
  added: readonly Credential[];
  /** Ids of those that are not lent, wherever they come from: disabled, or deleted by hand. */
  unused: ReadonlySet<string>;
}

/** Nothing of a database that can't be read, or has another schema: its own section says so. */
export function readStoredCredentials(path: string, upstream: UpstreamId): StoredCredentials {
  const stored = load(path, upstream);
  const added = stored.flatMap(({ secret, kind, userId }) =>
    secret === null ? [] : createCredential(kind, secret, userId),
  );
  const unused = stored.filter(({ disabled, deleted }) => disabled || deleted);
  return { added, unused: new Set(unused.map(({ id }) => id)) };
}

function load(path: string, upstream: UpstreamId): StoredCredential[] {
  try {
    using found = inspectDatabase(path);
    if (found === null || found.schemaVersion !== found.newestVersion) return [];
    return createCredentialStore(found.database, upstream).load();
  } catch {
    return [];
  }
}
