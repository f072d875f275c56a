import type { Lease } from '../credentials/lease.ts';
import type { LeaseWish } from '../credentials/lease-wish.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Deadline, startDeadline } from '../lib/deadline.ts';
import { wait } from '../lib/wait.ts';
import type { StreamJob, StreamOutcome } from '../stream-pool/protocol.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';
import type { NextStep } from '../upstream/failure-verdict.ts';
import type { TraceHeaders, UpstreamExchange } from '../upstream/upstream-request.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { toGatewayError, type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import { type AttemptEnd, runAttempt, unstarted } from './attempt.ts';
import type { ChatTrace } from './chat-trace.ts';
import { type ChatFailure, chooseToldFailure } from './choose-told-failure.ts';
import { leaseInTime } from './lease-in-time.ts';
import type { UpstreamVisit } from './upstreams/upstream.ts';
import { writeReminder } from './write-reminder.ts';

export interface AttemptServices {
  streamPool: StreamPool;
  /** Attempts after the first one; none is made once the reply has begun. */
  maxRetries: number;
  /** How long an attempt may wait for a credential that has room for it, in ms. */
  leaseTimeoutMs: number;
}

/** One try on one credential of one upstream. */
export interface Attempt {
  /** Counts from 1. */
  number: number;
  upstream: UpstreamId;
  credentialId: string;
  /** How long it waited for its credential, in ms. */
  leaseMs: number;
  /** Parameters the client set that the upstream does not honour. */
  droppedParams: readonly string[];
}

/** Is told how one attempt goes on; of one that is broken off while it is prepared, no end. */
export interface AttemptWatch {
  /** Everything it needs is there, images are uploaded: it goes to a thread. */
  prepared(): void;
  /** It has put something out; called with every piece. */
  wrote(): void;
  ended(outcome: StreamOutcome): void;
}

/** One chat's side of its attempts. */
export interface AttemptCaller {
  /** The upstreams that serve its model, in order of preference; at least one. */
  readonly visits: readonly UpstreamVisit[];
  /** Which conversation it is: guests serve one each. */
  readonly conversation: string;
  /** The longest that all attempts may take together, in ms. */
  readonly totalMs: number;
  /** `totalMs`: what is left of it. */
  buildJob(exchange: UpstreamExchange, totalMs: number): StreamJob;
  /** Is told of each attempt after `onAttempt`; null = they are not traced. */
  readonly trace: Pick<ChatTrace, 'attempted'> | null;
  onAttempt(attempt: Attempt): AttemptWatch;
  /** An upstream lent no credential for an attempt, and said so after `leaseMs`. */
  onRefusal(upstream: UpstreamId, failure: UpstreamFailure, leaseMs: number): void;
  write(bytes: Uint8Array): Promise<void> | null;
  readonly signal: AbortSignal;
}

const RETRY_BACKOFF = { firstMs: 200, maxMs: 5_000 };

/**
 * Tries until an attempt brings a part of the reply, or no other makes sense.
 *
 *   upstream ──lease──▶ attempt ──failed──▶ next credential, or the same again ──▶ lease
 *      ▲                   │ the upstream as a whole fails, or no credential is left
 *      └───next upstream───┘
 *
 * There are `maxRetries` attempts after the first in all, and at least one on every upstream that
 * the chat comes to. An attempt that fails for the request's sake ends the chat. With every upstream
 * tried, the client is told the most telling reason. A model that did not do as it was told is
 * reminded in one more attempt, once.
 *
 * Rejects with the signal's reason when it aborts between two attempts, with a `GatewayError` when
 * `totalMs` are over then; an attempt under way is cancelled, and ends as `cancelled`.
 */
export async function runAttempts(
  services: AttemptServices,
  caller: AttemptCaller,
): Promise<AttemptEnd> {
  const { totalMs, signal, visits } = caller;
  using deadline = startDeadline(totalMs, signal, () => toGatewayError(outOfTime(totalMs)));
  const failures: ChatFailure[] = [];
  const chat = { ...services, caller, deadline, failures };
  const progress: Progress = { made: 0, left: services.maxRetries + 1, reminder: null };
  for (const [index, visit] of visits.entries()) {
    progress.left = Math.max(1, progress.left);
    const end = await visitUpstream(chat, visit, progress, index === visits.length - 1);
    if (end !== null) return end;
  }
  return unstarted(chooseToldFailure(failures));
}

interface Chat extends AttemptServices {
  caller: AttemptCaller;
  deadline: Deadline;
  failures: ChatFailure[];
}

interface Progress {
  made: number;
  left: number;
  /** What the model is told from now on; null = nothing. */
  reminder: string | null;
}

/** The attempts on one upstream; null when there is nothing more to try on it. */
async function visitUpstream(
  chat: Chat,
  visit: UpstreamVisit,
  progress: Progress,
  isLast: boolean,
): Promise<AttemptEnd | null> {
  const tried = new Set<string>();
  for (let allowTried = false; progress.left > 0; ) {
    const askedAt = performance.now();
    const leased = await leaseFor(chat, visit, { tried, allowTried, hasElsewhere: !isLast });
    const leaseMs = performance.now() - askedAt;
    if (!leased.ok) {
      chat.failures.push({ failure: leased.failure, origin: 'refusal' });
      chat.caller.onRefusal(visit.upstream.id, leased.failure, leaseMs);
      return null;
    }
    const end = await attemptWith(chat, visit, { lease: leased.value, leaseMs }, progress);
    if (end.outcome.state !== 'failed') return end;
    const { failure } = end.outcome;
    chat.failures.push({ failure, origin: 'attempt' });
    const step = await visit.reconsider(failure, stepAfter(visit, failure, isLast));
    if (end.started || step === 'give-up') return end;
    if (step === 'next-upstream') return null;
    if (step === 'remind' && progress.reminder !== null) return end;
    if (step === 'remind') progress.reminder = writeReminder(failure);
    if (step === 'back-off' && progress.left > 0) await backOff(chat, progress);
    tried.add(leased.value.credential.id);
    allowTried = step !== 'next-credential';
  }
  return null;
}

function leaseFor(
  { caller, deadline, leaseTimeoutMs }: Chat,
  { upstream, wish }: UpstreamVisit,
  choice: Pick<LeaseWish, 'tried' | 'allowTried' | 'hasElsewhere'>,
): Promise<UpstreamResult<Lease>> {
  const { conversation } = caller;
  const fullWish = { ...wish, ...choice, conversation };
  return leaseInTime(upstream.credentials, fullWish, leaseTimeoutMs, deadline.signal);
}

async function attemptWith(
  { caller, deadline, streamPool }: Chat,
  visit: UpstreamVisit,
  { lease, leaseMs }: { lease: Lease; leaseMs: number },
  progress: Progress,
): Promise<AttemptEnd> {
  progress.made += 1;
  progress.left -= 1;
  const watch = caller.onAttempt({
    number: progress.made,
    upstream: visit.upstream.id,
    credentialId: lease.credential.id,
    leaseMs,
    droppedParams: visit.droppedParams,
  });
  const traceHeaders = caller.trace?.attempted() ?? null;
  const prepare = async (): Promise<UpstreamResult<StreamJob>> => {
    const exchange = await visit.prepare(lease.credential, progress.reminder, deadline.signal);
    if (!exchange.ok) return exchange;
    watch.prepared();
    return {
      ok: true,
      value: caller.buildJob(withTrace(exchange.value, traceHeaders), deadline.leftMs()),
    };
  };
  const write = (bytes: Uint8Array) => {
    watch.wrote();
    return caller.write(bytes);
  };
  const end = await runAttempt(streamPool, lease, prepare, { write, signal: caller.signal });
  watch.ended(end.outcome);
  return end;
}

/** The web chat is told nothing of traces: a browser sends none. */
function withTrace(exchange: UpstreamExchange, headers: TraceHeaders | null): UpstreamExchange {
  if (headers === null || exchange.upstream !== 'zai-api') return exchange;
  return { ...exchange, traceHeaders: headers };
}

/** A model that is overloaded here may be free elsewhere at once. */
function stepAfter(
  { upstream }: UpstreamVisit,
  failure: UpstreamFailure,
  isLast: boolean,
): NextStep {
  const { scope, step } = upstream.judge(failure);
  return step === 'back-off' && scope === 'model' && !isLast ? 'next-upstream' : step;
}

function backOff({ deadline }: Chat, { made }: Progress): Promise<void> {
  return wait(backoffMs(made, RETRY_BACKOFF), deadline.signal);
}

function outOfTime(totalMs: number): UpstreamFailure {
  const message = `The reply had not begun after ${totalMs / 1000} s.`;
  return upstreamFailure('total-timeout', message);
}
