import { mergeCompletions } from '../convert/openai/merge-completions.ts';
import { writeStreamEnd } from '../convert/openai/openai-chunk-writer.ts';
import { toOpenAiUsage } from '../convert/openai/openai-usage.ts';
import { sumUsage } from '../convert/openai/sum-usage.ts';
import type { ReplyFormat } from '../convert/reply-converter.ts';
import { runTogether } from '../lib/run-together.ts';
import type { StreamJob, StreamOutcome } from '../stream-pool/protocol.ts';
import type { UpstreamExchange } from '../upstream/upstream-request.ts';
import type { AttemptEnd } from './attempt.ts';
import { type AttemptCaller, type AttemptServices, runAttempts } from './attempts.ts';
import type { UpstreamVisit } from './upstreams/upstream.ts';

/** One chat's side of its choices. */
export interface ChoicesCaller extends Omit<AttemptCaller, 'buildJob' | 'visits'> {
  /** How many replies the client wants to its one request (`n`). */
  count: number;
  /** Of the completion as a whole. */
  format: ReplyFormat;
  /** The visits of one choice. */
  openVisits(): readonly UpstreamVisit[];
  /** `format` is that of one choice; the rest as in `AttemptCaller`. */
  buildJob(format: ReplyFormat, exchange: UpstreamExchange, totalMs: number): StreamJob;
}

/** How a chat's reply ended, with all its choices. */
export interface ChoicesEnd {
  outcome: StreamOutcome;
  /** Whether a stream already carries the failure. */
  errorWritten: boolean;
}

/**
 * Makes the choices of one completion side by side. Each has attempts, a credential and a connection
 * of its own, but there is one permit for all of them: a request that waits for its second permit
 * while it holds its first can wait for itself for ever. Attempts are counted over all choices.
 *
 * A stream carries the chunks of all choices as they come, then the usage of all together, then
 * `[DONE]`. The first choice that fails for good ends the others: half a completion is a failed one.
 *
 * Rejects as `runAttempts` does.
 */
export async function runChoices(
  services: AttemptServices,
  caller: ChoicesCaller,
): Promise<ChoicesEnd> {
  const { count, format, signal } = caller;
  if (count === 1) return endOfOnly(await runAttempts(services, choiceCaller(caller, format)));
  const bodies: Uint8Array[] = [];
  let attempts = 0;
  const works = Array.from({ length: count }, (_, choiceIndex) => (either: AbortSignal) => {
    const choice = choiceCaller(caller, { ...format, choiceIndex });
    const write = (body: Uint8Array) => {
      bodies[choiceIndex] = body.slice();
      return null;
    };
    return runAttempts(services, {
      ...choice,
      ...(format.shape === 'whole' && { write }),
      onAttempt: (attempt) => caller.onAttempt({ ...attempt, number: ++attempts }),
      signal: either,
    });
  });
  const ends = await runTogether(works, ({ outcome }) => outcome.state === 'completed', signal);
  const outcome = joinOutcomes(ends.map((end) => end.outcome));
  if (outcome.state === 'completed') void caller.write(lastPiece(format, outcome, bodies));
  return { outcome, errorWritten: false };
}

type Completed = Extract<StreamOutcome, { state: 'completed' }>;

/** The first that is not completed; else all of them as one. */
function joinOutcomes(outcomes: readonly StreamOutcome[]): StreamOutcome {
  return outcomes.reduce((joined, outcome) => {
    if (joined.state !== 'completed') return joined;
    return outcome.state === 'completed' ? joinCompleted(joined, outcome) : outcome;
  });
}

function joinCompleted(joined: Completed, outcome: Completed): Completed {
  return {
    ...joined,
    usage: joined.usage && outcome.usage && sumUsage(joined.usage, outcome.usage),
    usageEstimated: joined.usageEstimated || outcome.usageEstimated,
    editConflicts: joined.editConflicts + outcome.editConflicts,
  };
}

/** What the choices share: the end of a stream, or all of a whole reply. */
function lastPiece(
  format: ReplyFormat,
  { usage, usageEstimated }: Completed,
  bodies: readonly Uint8Array[],
): Uint8Array {
  const counted = usage && toOpenAiUsage(usage, usageEstimated);
  const text =
    format.shape === 'stream'
      ? writeStreamEnd(format, counted)
      : mergeCompletions(
          bodies.map((body) => new TextDecoder().decode(body)),
          counted,
        );
  return new TextEncoder().encode(text);
}

function choiceCaller(caller: ChoicesCaller, format: ReplyFormat): AttemptCaller {
  return {
    ...caller,
    visits: caller.openVisits(),
    buildJob: (exchange, totalMs) => caller.buildJob(format, exchange, totalMs),
  };
}

function endOfOnly({ outcome, started }: AttemptEnd): ChoicesEnd {
  const failed = outcome.state === 'failed';
  // A worker that died could not say so in the stream.
  return { outcome, errorWritten: started && failed && outcome.failure.kind !== 'worker-crashed' };
}
