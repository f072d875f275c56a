import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Channel } from './message/voice.ts';

/** Model tokens as the upstream counted them. null = it did not say, which is not 0. */
export interface TokenUsage {
  promptTokens: number | null;
  completionTokens: number | null;
  totalTokens: number | null;
  reasoningTokens: number | null;
  cachedTokens: number | null;
}

/** Why a reply ended, in OpenAI's words. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A web page that the upstream's search found. */
export interface SearchResult {
  /** As the reply cites it: `turn0search3`; empty when it can only be listed. */
  ref: string;
  /** The number to show for it, from 1. */
  number: number;
  title: string;
  url: string;
}

/** A place in the reply's text that rests on a source. Offsets count UTF-16 units of all its text. */
export interface Citation {
  url: string;
  title: string;
  startIndex: number;
  /** Behind the last unit. */
  endIndex: number;
}

/**
 * Our neutral word for what a reply consists of: event decoders make parts, stages change them,
 * dialect writers and folders consume them. `reply-end` or `reply-error` comes exactly once, last.
 */
export type Part =
  | { type: 'reasoning-delta'; text: string }
  | { type: 'text-delta'; text: string }
  /** A call begins: `index` counts the reply's calls from 0, and names this one in its deltas. */
  | { type: 'tool-call-start'; index: number; id: string; name: string }
  /** The next piece of a call's arguments, which are JSON once all pieces are put together. */
  | { type: 'tool-call-delta'; index: number; arguments: string }
  /** All results so far. Comes before the text that cites them; clients get citations instead. */
  | { type: 'search-results'; results: readonly SearchResult[] }
  | { type: 'citation'; citation: Citation }
  /** `estimated`: counted by the gateway, since the upstream did not say. */
  | { type: 'usage'; usage: TokenUsage; estimated: boolean }
  | { type: 'reply-end'; finishReason: FinishReason }
  | { type: 'reply-error'; failure: UpstreamFailure };

/** Receives the parts of one reply in order. */
export type PartSink = (part: Part) => void;

/**
 * A step between decoder and writer: takes parts, passes on what it makes of them. What it does not
 * know it passes on unchanged. What it holds back it passes on before `reply-end`, and before
 * `reply-error` too, but for stages that hold back all of a reply which may not be what was asked for
 * (a call that is required, JSON): of such a reply that fails nothing must have been sent, so that
 * another attempt can serve the request.
 *
 * Each call makes the stage of one reading, with a state of its own: a reply that changes may be read
 * again from its start, by stages made anew (`createRevisableStages`).
 */
export type Stage = (next: PartSink) => PartSink;

/** Text of a channel, as a part. */
export function textPart(channel: Channel, text: string): Part {
  return channel === 'answer' ? { type: 'text-delta', text } : { type: 'reasoning-delta', text };
}
