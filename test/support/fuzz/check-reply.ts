import type { ReplyOutcome } from '../../../src/convert/reply-converter.ts';
import { type Conversion, convertReply } from '../../corpus/convert-reply.ts';
import { readChunkStream } from '../../corpus/read-chunk-stream.ts';
import { readCompletion } from '../../corpus/read-completion.ts';
import { foldSpans, type ReplyReading } from '../../corpus/reply-reading.ts';
import { must } from '../must.ts';
import { cutReply, type FuzzReply } from './fuzz-reply.ts';

/**
 * The most that may come out, in UTF-16 units, of so many bytes: a delta of one letter is a frame of
 * 30 bytes, and becomes a chunk of 200 units.
 */
const MAX_GROWTH = 64;
const MAX_FIXED_UNITS = 4_000;

/**
 * Converts an input in every way and checks what holds for any input: nothing is thrown, what comes
 * out is well-formed and not much longer than what came in, cuts do not show, and the stream and the
 * whole reply say the same.
 *
 * @throws Error naming what does not hold.
 */
export function checkReply(input: FuzzReply): void {
  const { wire, upstream, rules } = input;
  const stream = convertReply([upstream], 'stream', rules, wire);
  const whole = convertReply([upstream], 'whole', rules, wire);
  const cutStream = convertReply(cutReply(input), 'stream', rules, wire);
  const maxUnits = upstream.length * MAX_GROWTH + MAX_FIXED_UNITS;
  for (const { output } of [stream, whole]) must(output.length <= maxUnits, 'output grows');
  mustBeSame(withoutIds(cutStream.output), withoutIds(stream.output), 'cuts of bytes do not show');
  must(Bun.deepEquals(cutStream.outcome, stream.outcome), 'cuts of bytes change the outcome');

  const streamReading = readChunkStream(stream.output);
  const wholeReading = readCompletion(whole.output);
  checkReading(streamReading, stream);
  checkReading(wholeReading, whole);
  must(
    whole.outcome?.state === 'completed' || whole.output === '',
    'a failed whole reply is shown',
  );
  if (mayDiffer(input, stream)) return;
  must(isSameOutcome(stream.outcome, whole.outcome), 'stream and whole reply end differently');
  // A stream cannot link what is only found behind the words that cite it.
  if (rules.search || stream.outcome?.state === 'failed') return;
  must(isSameReading(streamReading, wholeReading), 'stream and whole reply differ');
}

/** A stream that ended before its upstream, or has words that were taken back, has its own story. */
function mayDiffer({ rules }: FuzzReply, { outcome }: Conversion): boolean {
  return outcome?.editConflicts !== 0 || rules.stop.length > 0 || rules.maxTokens !== null;
}

function checkReading(reading: ReplyReading, { output, outcome }: Conversion): void {
  must(outcome !== null, 'a reply that has ended has an outcome');
  if (outcome?.state === 'failed') {
    must(reading.finishReason === null, 'a failed reply has no finish');
    must((reading.error !== null) === (output !== ''), 'a failure is told once text is out');
    return;
  }
  must(reading.finishReason === outcome?.finishReason, 'the finish is the outcome');
  checkCalls(reading, outcome);
}

function checkCalls({ spans }: ReplyReading, outcome: ReplyOutcome | null): void {
  const calls = spans.filter((span) => 'call' in span);
  const reason = outcome?.state === 'completed' ? outcome.finishReason : null;
  must(reason !== 'tool_calls' || calls.length > 0, 'the reason is calls, and there are none');
  must(reason !== 'stop' || calls.length === 0, 'there are calls, and the reason is stop');
  must(
    calls.every((call) => call.arguments !== '' || reason !== 'tool_calls'),
    'a call has no arguments at all',
  );
}

/** Estimates go by the order in which pieces come, which is not the whole reply's. */
function isSameOutcome(stream: ReplyOutcome | null, whole: ReplyOutcome | null): boolean {
  const comparable = (outcome: ReplyOutcome | null) => {
    const isEstimate = outcome?.state === 'completed' && outcome.usageEstimated;
    return isEstimate ? { ...outcome, usage: null } : outcome;
  };
  return Bun.deepEquals(comparable(stream), comparable(whole));
}

function isSameReading(stream: ReplyReading, whole: ReplyReading): boolean {
  const same = (one: ReplyReading, other: ReplyReading) => {
    return Bun.deepEquals(comparable(one), comparable(other));
  };
  return same({ ...stream, spans: foldSpans(stream.spans) }, whole);
}

/** Ids that are made up are so anew for each conversion, and estimates are; see above. */
function comparable(reading: ReplyReading): ReplyReading {
  const spans = reading.spans.map((span) => ('call' in span ? { ...span, id: '' } : span));
  return { ...reading, spans, usage: reading.usage?.estimated === true ? null : reading.usage };
}

function withoutIds(output: string): string {
  return output.replaceAll(/"id":"call_\w+"/g, '');
}

/** @throws Error that shows where two texts part. */
function mustBeSame(one: string, other: string, rule: string): void {
  if (one === other) return;
  let same = 0;
  while (one[same] === other[same]) same += 1;
  const [from, to] = [Math.max(0, same - 40), same + 80];
  const parts = [one, other].map((text) => JSON.stringify(text.slice(from, to)));
  must(false, `${rule}; from unit ${from} on: ${parts.join(' and ')}`);
}
