import { jest } from 'bun:test';
import type { AttemptEnd } from '../../src/chat/attempt.ts';
import { type AttemptServices, runAttempts } from '../../src/chat/attempts.ts';
import type { UpstreamVisit } from '../../src/chat/upstreams/upstream.ts';
import { createCredential } from '../../src/credentials/credential.ts';
import { Lease } from '../../src/credentials/lease.ts';
import { GatewayError } from '../../src/errors.ts';
import type { StreamJob, StreamOutcome } from '../../src/stream-pool/protocol.ts';
import type { StreamClient } from '../../src/stream-pool/stream-pool.ts';
import type { UpstreamExchange } from '../../src/upstream/upstream-request.ts';
import { judgeApiFailure } from '../../src/upstream/zai-api/judge-failure.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import {
  type UpstreamFailure,
  type UpstreamFailureKind,
  upstreamFailure,
} from '../../src/upstream-failure.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';

/** What an attempt comes to: a failure's kind, or more of it. `forever`: it ends when it is cancelled. */
type ScriptedEnd = 'completed' | 'forever' | UpstreamFailureKind | UpstreamFailure;

export interface ScriptedUpstream {
  id: UpstreamId;
  /** What its attempts come to, in order; those that are not foreseen complete. */
  ends?: readonly ScriptedEnd[];
  /** Names of its credentials, lent in order; as many as are asked for when it has none. */
  credentials?: readonly string[];
  /** Why it lends none; `forever`: it lets wait. */
  refusal?: UpstreamFailure | 'forever';
  /** What its visit makes of a failure's step; by itself, nothing. */
  reconsider?: UpstreamVisit['reconsider'];
  /** What preparing an attempt fails with, for what is wrong with the request. */
  wrong?: GatewayError;
}

export interface PlayOptions extends Partial<Omit<AttemptServices, 'streamPool'>> {
  totalMs?: number;
  signal?: AbortSignal;
  /** Whether each attempt puts out something before its end. */
  writes?: boolean;
}

/** An attempt as the test sees it. */
interface PlayedAttempt {
  number: number;
  /** Upstream and credential: `zai-web a`. */
  on: string;
  reminder: string | null;
  /** When it began, and what was left of the total time, in ms. */
  atMs: number;
  leftMs: number;
}

/** Longer than anything that is played; then something waits for what never happens. */
const LONGEST_PLAY_MS = 100_000;
const STEP_MS = 10;

/** Nothing is known of a failure but its kind, and perhaps when to come again. */
export function failure(kind: UpstreamFailureKind, retryAfterMs: number | null = null) {
  return upstreamFailure(kind, kind, { retryAfterMs });
}

/** Runs one chat's attempts on upstreams that do as scripted, in fake time. */
export async function playAttempts(
  upstreams: readonly ScriptedUpstream[],
  options: PlayOptions = {},
) {
  const startedAt = performance.now();
  const {
    totalMs = 60_000,
    signal = new AbortController().signal,
    writes = false,
    ...rest
  } = options;
  const attempts: PlayedAttempt[] = [];
  const failures: string[] = [];
  const settled: string[] = [];
  const ends = new Map(upstreams.map(({ id, ends: scripted = [] }) => [id, [...scripted]]));
  let number = 0;
  const services = {
    maxRetries: 3,
    leaseTimeoutMs: 30_000,
    ...rest,
    streamPool: {
      start({ exchange }: StreamJob, client: StreamClient) {
        if (writes) void client.write(new Uint8Array());
        const end = ends.get(exchange.upstream)?.shift() ?? 'completed';
        if (end !== 'forever') client.settle(outcomeOf(end));
        return { cancel: () => client.settle({ state: 'cancelled', editConflicts: 0 }) };
      },
    },
  } as unknown as AttemptServices;
  const running = runAttempts(services, {
    visits: upstreams.map((scripted) => visitTo(scripted, settled)),
    conversation: 'talk',
    totalMs,
    signal,
    trace: null,
    buildJob(exchange, leftMs) {
      const { on, reminder } = exchange as unknown as { on: string; reminder: string | null };
      attempts.push({ number, on, reminder, atMs: performance.now() - startedAt, leftMs });
      return { exchange } as StreamJob;
    },
    onAttempt(attempt) {
      number = attempt.number;
      return {
        prepared() {},
        wrote() {},
        ended(outcome) {
          if (outcome.state !== 'failed') return;
          failures.push(`${attempt.upstream}:${outcome.failure.kind}`);
        },
      };
    },
    onRefusal: (id, { kind }) => failures.push(`${id}:${kind}`),
    write: () => null,
  });
  const told = tellEnd(running);
  await letPass(told);
  return { ...(await told), attempts, failures, settled };
}

function visitTo(
  { id, credentials, refusal, reconsider, wrong }: ScriptedUpstream,
  settled: string[],
): UpstreamVisit {
  let lent = 0;
  return {
    wish: { model: 'glm', need: 'any' },
    droppedParams: [],
    upstream: {
      id,
      judge: id === 'zai-web' ? judgeWebFailure : judgeApiFailure,
      credentials: {
        async lease({ tried, allowTried }, signal) {
          if (refusal === 'forever') await untilAborted(signal);
          else if (refusal !== undefined) return { ok: false, failure: refusal };
          const names = credentials ?? [`${++lent}`];
          const fresh = names.find((name) => !tried.has(credentialOf(name).id));
          const name = fresh ?? (allowTried ? names[0] : undefined);
          if (name === undefined) return { ok: false, failure: failure('credential-rejected') };
          const giveBack = ({ state }: { state: string }) => settled.push(`${id} ${name} ${state}`);
          return { ok: true, value: new Lease(credentialOf(name), giveBack) };
        },
      },
    },
    async prepare({ userId }, reminder) {
      if (wrong !== undefined) throw wrong;
      const exchange = { upstream: id, on: `${id} ${userId}`, reminder };
      return { ok: true, value: exchange as unknown as UpstreamExchange };
    },
    reconsider: reconsider ?? (async (_, step) => step),
  };
}

function credentialOf(name: string) {
  return createCredential('account', `secret of ${name}`, name);
}

function outcomeOf(end: Exclude<ScriptedEnd, 'forever'>): StreamOutcome {
  if (end === 'completed') {
    const finish = { finishReason: 'stop', usageEstimated: false } as const;
    return { state: 'completed', ...finish, usage: null, editConflicts: 0 };
  }
  const known = typeof end === 'string' ? failure(end) : end;
  return { state: 'failed', failure: known, usage: null, editConflicts: 0 };
}

/** What the client is told: how the last attempt ended, or with what no other could be made. */
async function tellEnd(running: Promise<AttemptEnd>) {
  try {
    const { outcome, started } = await running;
    const told = outcome.state === 'failed' ? outcome.failure : null;
    const kind = told?.kind ?? outcome.state;
    return { told: kind, retryAfterMs: told?.retryAfterMs ?? null, started };
  } catch (error) {
    const told = error instanceof GatewayError ? `${error.status} ${error.code}` : error;
    return { told, retryAfterMs: null, started: false };
  }
}

/** Time passes while nothing else happens. */
async function letPass(playing: Promise<unknown>): Promise<void> {
  let isOver = false;
  void playing.then(() => {
    isOver = true;
  });
  for (let passedMs = 0; passedMs < LONGEST_PLAY_MS; passedMs += STEP_MS) {
    for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
    if (isOver) return;
    jest.advanceTimersByTime(STEP_MS);
  }
  throw new Error('the attempts wait for what never happens');
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
