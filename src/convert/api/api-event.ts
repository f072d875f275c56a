import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import { classifyApiError, findApiError } from '../../zai-api-failure.ts';
import { decodeUsage } from '../decode-usage.ts';
import type { FinishReason, TokenUsage } from '../part.ts';
import { type FoundPage, pagesInList, pagesWithin } from '../search/search-pages.ts';
import { decodeToolCallPieces, type ToolCallPiece } from './tool-call-piece.ts';

/** What one chunk of an OpenAI-compatible stream says of its first choice. */
export interface ApiUpdate {
  type: 'update';
  /** `''` when there is none, like `text`. */
  reasoning: string;
  text: string;
  toolCalls: readonly ToolCallPiece[];
  /** What the service's search has found. */
  pages: readonly FoundPage[];
  usage: TokenUsage | null;
  /**
   * Why the reply ends, or what ended it; null while it goes on. `tool_calls` is told as `stop`: the
   * calls that came say better whether there are any.
   */
  ending:
    | { finishReason: Exclude<FinishReason, 'tool_calls'> }
    | { failure: UpstreamFailure }
    | null;
}

/** What one frame of an OpenAI-compatible stream says. */
export type ApiEvent =
  | ApiUpdate
  | { type: 'failure'; failure: UpstreamFailure }
  /** `[DONE]` */
  | { type: 'end' }
  /** Not JSON, or no chunk. */
  | { type: 'ignored' };

const END_MARK = '[DONE]';

/** An error in a frame came with a response that began as a success. */
const STREAM_STATUS = 200;

const NO_PAGES: readonly FoundPage[] = [];
const NO_FIELDS: Record<string, unknown> = {};

/**
 * Reads the data of one frame: chunks of Z.ai's API
 * (https://docs.z.ai/api-reference/llm/chat-completion) and of servers like it. Of several choices
 * only the first counts: the gateway asks for one. Never throws: what it cannot read is `ignored`.
 */
export function decodeApiEvent(data: string): ApiEvent {
  if (data.trim() === END_MARK) return { type: 'end' };
  const frame = parseJson(data);
  // Garbage between frames does not end a stream.
  if (!isRecord(frame)) return { type: 'ignored' };
  const error = findApiError(frame);
  if (error !== null) return { type: 'failure', failure: classifyApiError(error, STREAM_STATUS) };
  const { choices, usage, web_search: found } = frame;
  if (!Array.isArray(choices) && usage === undefined && found === undefined) {
    return { type: 'ignored' };
  }
  return decodeUpdate(frame, firstOf(choices));
}

function decodeUpdate(frame: Record<string, unknown>, choice: Record<string, unknown>): ApiUpdate {
  const delta = isRecord(choice.delta) ? choice.delta : NO_FIELDS;
  return {
    type: 'update',
    // Newer versions of vLLM send both, with the same text.
    reasoning: text(delta.reasoning_content) || text(delta.reasoning),
    text: text(delta.content),
    toolCalls: decodeToolCallPieces(delta.tool_calls),
    pages: decodePages(frame.web_search ?? delta.web_search),
    usage: decodeUsage(frame.usage),
    ending: decodeEnding(choice.finish_reason),
  };
}

function firstOf(choices: unknown): Record<string, unknown> {
  if (!Array.isArray(choices)) return NO_FIELDS;
  return choices.find((choice) => isRecord(choice) && (choice.index ?? 0) === 0) ?? NO_FIELDS;
}

/** The results stand in the list itself, or in the lists `search_result` of what is in it. */
function decodePages(found: unknown): readonly FoundPage[] {
  if (found === undefined || found === null) return NO_PAGES;
  return [...pagesInList(found), ...pagesWithin(found)];
}

/** Reasons that are neither `stop` nor `tool_calls`, in the words of several services. */
const FINISH_REASONS = new Map<string, 'length' | 'content_filter'>([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
]);

/** Z.ai's word for a failure of its own, vLLM's, and SGLang's for a reply that it gave up. */
const FAILURES: ReadonlySet<string> = new Set(['network_error', 'error', 'abort']);

function decodeEnding(reason: unknown): ApiUpdate['ending'] {
  // Some models have an empty reason on every chunk but the last.
  if (typeof reason !== 'string' || reason === '') return null;
  if (FAILURES.has(reason)) return { failure: brokenOff(reason) };
  return { finishReason: FINISH_REASONS.get(reason) ?? 'stop' };
}

function brokenOff(reason: string): UpstreamFailure {
  const message = `The upstream broke its reply off, for the reason '${reason}'.`;
  const known = { status: STREAM_STATUS, upstreamCode: reason };
  return upstreamFailure('broken-stream', message, known);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
