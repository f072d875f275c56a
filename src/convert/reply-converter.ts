import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import { decodeApiEvent } from './api/api-event.ts';
import { createApiReply } from './api/api-reply.ts';
import { createOpenAiChunkWriter } from './openai/openai-chunk-writer.ts';
import { createOpenAiFolder } from './openai/openai-folder.ts';
import type { FinishReason, Part, TokenUsage } from './part.ts';
import type { ReplyRules } from './reply-rules.ts';
import { stagesOf, throughStages } from './reply-stages.ts';
import { createRevisableStages } from './revisable/revisable-stages.ts';
import { createSseParser } from './sse/sse-parser.ts';
import type { UpstreamReply, UpstreamReplyOptions } from './upstream-reply.ts';
import { decodeWebEvent } from './web/web-event.ts';
import { createWebReply } from './web/web-reply.ts';

/** Which of OpenAI's two forms calls have: that of `tools`, or the older one of `functions`. */
export type CallForm = 'tool_calls' | 'function_call';

/** How the client wants the reply. */
export interface ReplyFormat {
  /** `stream`: chunks as server-sent events. `whole`: one completion object. */
  shape: 'stream' | 'whole';
  /** `chatcmpl-…`, the same on every chunk. */
  completionId: string;
  /** Unix seconds, the same on every chunk. */
  created: number;
  /** The public model name to show. */
  model: string;
  /** Whether a stream ends with a usage chunk (`stream_options.include_usage`). */
  includeUsage: boolean;
  /** `function_call` holds one call only: the rules of such a reply rule out more. */
  callForm: CallForm;
  /**
   * Which one this is of a completion's several choices, from 0; absent when it is the only one. What
   * several choices share (the error frame, the usage chunk, `[DONE]`) is left to whoever merges them.
   */
  choiceIndex?: number;
}

/** How a reply ended. */
export type ReplyOutcome =
  | {
      state: 'completed';
      finishReason: FinishReason;
      usage: TokenUsage | null;
      /** Whether some of the usage is the gateway's estimate; made only where the client sees it. */
      usageEstimated: boolean;
      editConflicts: number;
    }
  | { state: 'failed'; failure: UpstreamFailure; usage: TokenUsage | null; editConflicts: number };

/**
 * Upstream bytes in, client text out, for one reply. Pure: no clock, no I/O.
 *
 *   waiting ──first part──▶ replying ──end──▶ settled (completed)
 *      └────────error────────────┴─────error──▶ settled (failed)
 *
 * A failure while `waiting` puts out no text, so that another attempt can still serve the request;
 * a failure of a stream while `replying` puts out an error frame and nothing after it. A `whole`
 * reply is one piece of text at its completed end, so a failed one never puts out anything.
 */
export interface ReplyConverter {
  /** Takes a network piece of any size; returns the text for the client, `''` when there is none yet. */
  feed(bytes: Uint8Array): string;
  /** The upstream closed its body. */
  end(): string;
  /** The exchange broke off for a reason outside the bytes: a timeout, a lost connection. */
  fail(failure: UpstreamFailure): string;
  /** Whether text has been put out. */
  readonly started: boolean;
  /** null until settled; then it does not change, and later calls put out nothing. */
  readonly outcome: ReplyOutcome | null;
  /** Whether it is settled while the upstream has more to say: a limit or a stop sequence ended it. */
  readonly cutShort: boolean;
}

export interface ReplyConverterLimits {
  /** The longest frame accepted from the upstream, in bytes; a longer one fails the reply. */
  maxFrameBytes: number;
  /** What the request was authorized with: an upstream that repeats it in an error is not quoted. */
  secret?: string;
}

/** How the frames of one upstream are read. */
interface Wire<Event> {
  decodeEvent: (data: string) => Event;
  createReply: (options: UpstreamReplyOptions) => UpstreamReply<Event>;
}

/** How each upstream's frames are read. */
const WIRES = {
  'zai-web': frameReader({ decodeEvent: decodeWebEvent, createReply: createWebReply }),
  'zai-api': frameReader({ decodeEvent: decodeApiEvent, createReply: createApiReply }),
};

/** Keeps what a wire's events look like between its decoder and its reply. */
function frameReader<Event>({ decodeEvent, createReply }: Wire<Event>) {
  return (options: UpstreamReplyOptions) => {
    const reply = createReply(options);
    return { reply, takeFrame: (data: string) => reply.accept(decodeEvent(data)) };
  };
}

/**
 * Makes the converter of one reply: SSE parser, event decoder, reply, the stages that its rules ask
 * for, writer, in a row. A stage that holds text back keeps a stream unstarted.
 *
 * @param promptText all text the model was given; asked for once at most, to estimate its tokens.
 */
export function createReplyConverter(
  wire: keyof typeof WIRES,
  format: ReplyFormat,
  rules: ReplyRules,
  limits: ReplyConverterLimits,
  promptText: () => string,
): ReplyConverter {
  const isStream = format.shape === 'stream';
  const write = isStream ? createOpenAiChunkWriter(format) : createOpenAiFolder(format);
  const showsUsage = !isStream || format.includeUsage;
  const { reading, showing } = stagesOf(rules, { showsUsage, promptText });
  const show = throughStages(showing, writePart);
  const revisable = isStream && reading.length > 0 ? createRevisableStages(reading, show) : null;
  const { reply, takeFrame } = WIRES[wire]({
    delivery: isStream ? 'live' : 'final',
    rules,
    onPart: revisable?.take ?? throughStages(reading, show),
    ...(revisable !== null && { onChange: revisable.change }),
  });
  const parser = createSseParser({
    maxFrameBytes: limits.maxFrameBytes,
    onFrame: takeFrame,
    onOverflow: (size) => reply.fail(tooLarge(size, limits.maxFrameBytes)),
  });
  let text = '';
  let estimate: TokenUsage | null = null;
  let started = false;
  let outcome: ReplyOutcome | null = null;

  function writePart(came: Part): void {
    // A stage may have ended the reply before the upstream did.
    if (outcome !== null) return;
    const part = came.type === 'reply-error' ? withoutSecret(came, limits.secret ?? '') : came;
    text += write(part);
    if (part.type === 'usage') estimate = part.estimated ? part.usage : null;
    if (part.type === 'reply-end' || part.type === 'reply-error') settle(part);
  }

  function settle(part: Extract<Part, { type: 'reply-end' | 'reply-error' }>): void {
    const { usage } = reply;
    const editConflicts = revisable?.conflicts ?? reply.editConflicts;
    if (part.type === 'reply-end') {
      const { finishReason } = part;
      const counted = { usage: estimate ?? usage, usageEstimated: estimate !== null };
      outcome = { state: 'completed', finishReason, ...counted, editConflicts };
    } else outcome = { state: 'failed', failure: part.failure, usage, editConflicts };
    parser.stop();
  }

  function takeText(): string {
    const due = text;
    text = '';
    if (due !== '') started = true;
    return due;
  }

  return {
    feed(bytes) {
      parser.feed(bytes);
      return takeText();
    },
    end() {
      parser.end();
      reply.close();
      return takeText();
    },
    fail(failure) {
      reply.fail(failure);
      return takeText();
    },
    get started() {
      return started;
    },
    get outcome() {
      return outcome;
    },
    get cutShort() {
      return outcome !== null && !reply.ended;
    },
  };
}

type ReplyError = Extract<Part, { type: 'reply-error' }>;

function withoutSecret(part: ReplyError, secret: string): ReplyError {
  if (secret === '' || !part.failure.message.includes(secret)) return part;
  const message = part.failure.message.replaceAll(secret, '[credential]');
  return { ...part, failure: { ...part.failure, message } };
}

function tooLarge(size: number, maxBytes: number): UpstreamFailure {
  const message = `The upstream sent a frame of at least ${size} bytes; the limit is ${maxBytes}.`;
  return upstreamFailure('frame-too-large', message);
}
