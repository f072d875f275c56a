import type { Database } from 'bun:sqlite';
import type { UpstreamId } from '../upstream-id.ts';
import type { Credential, CredentialKind } from './credential.ts';
import type { CredentialCounts } from './credential-memory.ts';
import type { Health } from './health.ts';

/** What is remembered of a credential. Times are Unix ms. */
export interface StoredCredential {
  id: string;
  kind: CredentialKind;
  userId: string;
  /** Of those that were added through the API; null for all others and for deleted ones. */
  secret: string | null;
  addedAtMs: number;
  /** When the service last said whether it is good; null when it never did. */
  checkedAtMs: number | null;
  disabled: boolean;
  /** By hand: no setting and no file brings it back. */
  deleted: boolean;
  counts: CredentialCounts;
  /** By model; '' is its health whatever the model. */
  health: ReadonlyMap<string, Health>;
}

type CredentialIdentity = Pick<Credential, 'id' | 'kind' | 'userId'>;

/** What has happened to a credential since it was last saved. */
export interface CredentialChange {
  credential: CredentialIdentity;
  checkedAtMs: number | null;
  /** How many more of each; `lastUsedAtMs` is the latest. */
  counts: CredentialCounts;
  health: readonly { model: string; health: Health; updatedAtMs: number }[];
}

/**
 * One upstream's credentials in SQLite, which several processes may share. Every method is one short
 * transaction, and throws SQLite's errors.
 */
export interface CredentialStore {
  load(): StoredCredential[];
  find(id: string): StoredCredential | null;
  /**
   * Adds up counts. A health takes the place of the one there is unless that is of a later time;
   * a deleted credential takes none. All or none.
   */
  save(changes: readonly CredentialChange[], nowMs: number): void;
  /** Keeps the credential with its secret; one that was deleted comes back as if it were new. */
  add(credential: Credential, checkedAtMs: number | null, nowMs: number): void;
  setDisabled(credential: Credential, disabled: boolean, nowMs: number): void;
  /** Wipes the secret, from the files too, and remembers that it was deleted. */
  delete(credential: Credential, nowMs: number): void;
  /** Whether another connection has written to the database since the last call. */
  changedElsewhere(): boolean;
}

const LOAD = `
  SELECT id, kind, user_id AS userId, secret, added_at AS addedAtMs, checked_at AS checkedAtMs,
    disabled, deleted_at IS NOT NULL AS deleted,
    completed, failed, cancelled, last_used_at AS lastUsedAtMs
  FROM credentials WHERE upstream = $upstream AND id = ifnull($id, id) ORDER BY added_at, id`;

const LOAD_HEALTH = `
  SELECT credential_id AS id, model, health FROM credential_health
  WHERE upstream = $upstream AND credential_id = ifnull($id, credential_id)`;

const ENSURE = `
  INSERT INTO credentials (upstream, id, kind, user_id, added_at)
  VALUES ($upstream, $id, $kind, $userId, $nowMs)
  ON CONFLICT (upstream, id) DO UPDATE SET user_id = excluded.user_id`;

const COUNT = `
  UPDATE credentials SET
    checked_at = ifnull($checkedAtMs, checked_at),
    completed = completed + $completed,
    failed = failed + $failed,
    cancelled = cancelled + $cancelled,
    last_used_at = nullif(max(ifnull(last_used_at, 0), ifnull($lastUsedAtMs, 0)), 0)
  WHERE upstream = $upstream AND id = $id`;

const SET_HEALTH = `
  INSERT INTO credential_health (upstream, credential_id, model, health, updated_at)
  SELECT upstream, id, $model, $health, $updatedAtMs FROM credentials
  WHERE upstream = $upstream AND id = $id AND deleted_at IS NULL
  ON CONFLICT (upstream, credential_id, model)
  DO UPDATE SET health = excluded.health, updated_at = excluded.updated_at
  WHERE excluded.updated_at >= updated_at`;

const KEEP_SECRET = `
  UPDATE credentials SET
    secret = $secret, checked_at = $checkedAtMs, deleted_at = NULL,
    added_at = iif(deleted_at IS NULL, added_at, $nowMs)
  WHERE upstream = $upstream AND id = $id`;

const SET_DISABLED =
  'UPDATE credentials SET disabled = $disabled WHERE upstream = $upstream AND id = $id';

const WIPE = `
  UPDATE credentials SET secret = NULL, disabled = 0, deleted_at = $nowMs
  WHERE upstream = $upstream AND id = $id`;

const FORGET_HEALTH =
  'DELETE FROM credential_health WHERE upstream = $upstream AND credential_id = $id';

interface CredentialRow
  extends Omit<StoredCredential, 'disabled' | 'deleted' | 'counts' | 'health'> {
  disabled: number;
  deleted: number;
  completed: number;
  failed: number;
  cancelled: number;
  lastUsedAtMs: number | null;
}

interface HealthRow {
  id: string;
  model: string;
  health: string;
}

/** Makes the store of an opened database, which stays the caller's to close. */
export function createCredentialStore(database: Database, upstream: UpstreamId): CredentialStore {
  const [ensure, count, setHealth, keepSecret, setDisabled, wipe, forgetHealth] = [
    database.prepare(ENSURE),
    database.prepare(COUNT),
    database.prepare(SET_HEALTH),
    database.prepare(KEEP_SECRET),
    database.prepare(SET_DISABLED),
    database.prepare(WIPE),
    database.prepare(FORGET_HEALTH),
  ];
  const load = prepareLoad(database, upstream);
  const transaction = database.transaction((work: () => void) => work());
  const ensureRow = ({ id, kind, userId }: CredentialIdentity, nowMs: number) =>
    ensure.run({ upstream, id, kind, userId, nowMs });
  const change = (credential: CredentialIdentity, nowMs: number, work: () => void) =>
    transaction.immediate(() => {
      ensureRow(credential, nowMs);
      work();
    });
  return {
    load: () => load(null),
    find: (id) => load(id)[0] ?? null,
    save: (changes, nowMs) =>
      transaction.immediate(() => {
        for (const { credential, checkedAtMs, counts, health } of changes) {
          const { id } = credential;
          ensureRow(credential, nowMs);
          count.run({ upstream, id, checkedAtMs, ...counts });
          for (const { model, health: value, updatedAtMs } of health) {
            setHealth.run({ upstream, id, model, health: JSON.stringify(value), updatedAtMs });
          }
        }
      }),
    add: (credential, checkedAtMs, nowMs) =>
      change(credential, nowMs, () => {
        const { id, secret } = credential;
        keepSecret.run({ upstream, id, secret, checkedAtMs, nowMs });
      }),
    setDisabled: (credential, disabled, nowMs) =>
      change(credential, nowMs, () => {
        setDisabled.run({ upstream, id: credential.id, disabled: disabled ? 1 : 0 });
      }),
    delete: (credential, nowMs) => {
      change(credential, nowMs, () => {
        wipe.run({ upstream, id: credential.id, nowMs });
        forgetHealth.run({ upstream, id: credential.id });
      });
      emptyLog(database);
    },
    changedElsewhere: watchOtherConnections(database),
  };
}

/** null: all of them. */
function prepareLoad(
  database: Database,
  upstream: UpstreamId,
): (id: string | null) => StoredCredential[] {
  type Which = [{ upstream: string; id: string | null }];
  const credentials = database.prepare<CredentialRow, Which>(LOAD);
  const healths = database.prepare<HealthRow, Which>(LOAD_HEALTH);
  // One transaction, so that both are of the same moment.
  return database.transaction((id) => {
    const healthById = Map.groupBy(healths.all({ upstream, id }), (row) => row.id);
    return credentials
      .all({ upstream, id })
      .map((row) => fromRow(row, healthById.get(row.id) ?? []));
  });
}

function fromRow(row: CredentialRow, healths: readonly HealthRow[]): StoredCredential {
  const { disabled, deleted, completed, failed, cancelled, lastUsedAtMs, ...rest } = row;
  return {
    ...rest,
    disabled: disabled === 1,
    deleted: deleted === 1,
    counts: { completed, failed, cancelled, lastUsedAtMs },
    health: new Map(healths.map(({ model, health }) => [model, JSON.parse(health)])),
  };
}

/**
 * The write-ahead log has the pages as they were. It keeps them when another process is just reading,
 * until they are written over (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
 */
function emptyLog(database: Database): void {
  try {
    database.run('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // What was deleted is deleted, whatever becomes of the log.
  }
}

/** https://www.sqlite.org/pragma.html#pragma_data_version: own writes do not change it. */
function watchOtherConnections(database: Database): () => boolean {
  const read = database.prepare<{ data_version: number }, []>('PRAGMA data_version');
  let seen = read.get()?.data_version;
  return () => {
    const before = seen;
    seen = read.get()?.data_version;
    return seen !== before;
  };
}
