import type { Database } from 'bun:sqlite';
import type { Credential } from '../../src/credentials/credential.ts';
import { CredentialDesk } from '../../src/credentials/credential-desk.ts';
import { CredentialPool } from '../../src/credentials/credential-pool.ts';
import { CredentialRegistry } from '../../src/credentials/credential-registry.ts';
import {
  type CredentialStore,
  createCredentialStore,
} from '../../src/credentials/credential-store.ts';
import type { CredentialVerdict } from '../../src/credentials/validate-credential.ts';
import { judgeApiFailure } from '../../src/upstream/zai-api/judge-failure.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { GOOD } from './verdicts.ts';

interface RegistryOptions {
  /** Whose credentials they are. Default: zai-web. */
  upstream?: UpstreamId;
  /** What the service says, by user; those it does not name are good. A promise holds it up. */
  verdicts?: Record<string, CredentialVerdict | Promise<CredentialVerdict>>;
  /** Nobody can be asked. */
  check?: null;
  store?: CredentialStore;
  /** Unix ms. */
  now?: () => number;
}

const NEVER = new AbortController().signal;
const OUTCOMES = { completed: { state: 'completed' }, cancelled: { state: 'cancelled' } } as const;

/** Lets what is under way without a timer come to its end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** A registry with a pool of its own, as one process has them; `timers` fire when the test says so. */
export function startRegistry(database: Database, options: RegistryOptions = {}) {
  const { upstream = 'zai-web', verdicts = {}, now } = options;
  const { store = createCredentialStore(database, upstream) } = options;
  const timers = createManualSchedule();
  const warned: string[] = [];
  const log = { info: () => undefined, warn: (_: object, message: string) => warned.push(message) };
  const asked: string[] = [];
  const ask = async ({ userId }: Credential) => {
    asked.push(userId);
    return verdicts[userId] ?? GOOD;
  };
  const check = options.check === null ? null : ask;
  const pool: CredentialPool = new CredentialPool({
    upstream,
    judge: upstream === 'zai-web' ? judgeWebFailure : judgeApiFailure,
    policy: { failureThreshold: 3, recoveryMs: 1_800_000 },
    brakePolicy: { recoveryMs: 30_000 },
    guests: null,
    maxInFlight: 0,
    log,
    random: () => 0.5,
    schedule: timers.schedule,
    ...(now && { now }),
    onChange: (id) => registry.noteChange(id),
  });
  const registry: CredentialRegistry = new CredentialRegistry({
    store,
    pool,
    check,
    log,
    schedule: timers.schedule,
    ...(now && { now }),
  });

  /** Lends any credential, and settles; the answer is whose it was, or its id, or why there was none. */
  async function use(outcome: 'completed' | 'cancelled' | UpstreamFailureKind = 'completed') {
    const model = 'glm-5';
    const wish = { model, tried: new Set<string>(), allowTried: false, conversation: 'a' };
    const leased = await pool.lease({ ...wish, need: 'any' }, NEVER);
    if (!leased.ok) return leased.failure.kind;
    const { userId, id } = leased.value.credential;
    const known = outcome === 'completed' || outcome === 'cancelled' ? OUTCOMES[outcome] : null;
    leased.value.settle(
      known ?? { state: 'failed', failure: upstreamFailure(outcome as UpstreamFailureKind, 'No.') },
    );
    return userId || id;
  }

  return {
    registry,
    pool,
    desk: new CredentialDesk({ upstream, registry, pool, check, log }),
    use,
    timers,
    asked,
    warned,
    users: () => pool.statuses().map(({ userId }) => userId),
    [Symbol.dispose]() {
      registry[Symbol.dispose]();
      pool[Symbol.dispose]();
    },
  };
}
