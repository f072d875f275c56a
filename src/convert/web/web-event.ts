import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';
import type { UpstreamFailure } from '../../upstream-failure.ts';
import { classifyWebError, findWebError } from '../../zai-web-failure.ts';
import { decodeUsage } from '../decode-usage.ts';
import type { FinishReason, TokenUsage } from '../part.ts';
import { type FoundPage, pagesInList, pagesInText, pagesWithin } from '../search/search-pages.ts';
import { decodeWebToolCalls, type WebToolCall } from './web-tool-calls.ts';

/** What one frame of the chat.z.ai stream says. Every field of an update may be missing there. */
export type WebEvent =
  | {
      type: 'update';
      /** `thinking`, `answer`, `tool_call`, `other`, `done`, or one not known yet; null = none. */
      phase: string | null;
      /** Text for the end of the message, after the edit; `''` when there is none. */
      deltaContent: string;
      /** `message = message[0 … index) + content`. */
      edit: { index: number; content: string } | null;
      usage: TokenUsage | null;
      /** Calls in fields of their own, not in the message text. */
      toolCalls: readonly WebToolCall[];
      /** What the service's search has found. */
      pages: readonly FoundPage[];
      /** Why the reply ends, where the service says more than that it does. */
      finishReason: FinishReason | null;
      /** The service says that the reply is complete. */
      done: boolean;
    }
  | { type: 'failure'; failure: UpstreamFailure }
  /** `[DONE]`, in any of its spellings. */
  | { type: 'end' }
  /** Not JSON, or an event of another kind (`chat:title`, `status`, …). */
  | { type: 'ignored' };

/** The one kind of event that speaks of the reply; events of no kind are taken for it. */
const COMPLETION = 'chat:completion';
const END_MARK = '[DONE]';

/** The phase of a tool's result, as text for the model (since 2026). */
const TOOL_RESPONSE = 'tool_response';

/** An error in a frame came with a response that began as a success. */
const STREAM_STATUS = 200;

/** Reads the data of one frame. Never throws: what it cannot read is `ignored`. */
export function decodeWebEvent(data: string): WebEvent {
  if (isEndMark(data)) return { type: 'end' };
  const frame = parseJson(data);
  // Garbage between frames does not end a stream.
  if (!isRecord(frame)) return { type: 'ignored' };
  const error = findWebError(frame);
  if (error !== null) return { type: 'failure', failure: classifyWebError(error, STREAM_STATUS) };
  if (isEndMark(frame.data)) return { type: 'end' };
  if (frame.type !== undefined && frame.type !== COMPLETION) return { type: 'ignored' };
  // Some versions send the fields without their envelope.
  return decodeUpdate(isRecord(frame.data) ? frame.data : frame);
}

function decodeUpdate(fields: Record<string, unknown>): WebEvent {
  const phase = typeof fields.phase === 'string' ? fields.phase : null;
  const delta = typeof fields.delta_content === 'string' ? fields.delta_content : '';
  const edited = typeof fields.edit_content === 'string' ? fields.edit_content : null;
  // Without an index there is nothing to cut: the content goes to the end like a delta.
  const appended = edited !== null && (fields.edit_index ?? null) === null ? edited : '';
  return {
    type: 'update',
    phase,
    deltaContent: appended + delta,
    edit:
      edited !== null && isIndex(fields.edit_index)
        ? { index: fields.edit_index, content: edited }
        : null,
    usage: decodeUsage(fields.usage),
    toolCalls: decodeWebToolCalls(fields),
    pages: decodePages(fields, delta),
    finishReason: decodeFinishReason(fields.finish_reason),
    done: phase === 'done' || fields.done === true,
  };
}

const NO_PAGES: readonly FoundPage[] = [];

function decodePages(fields: Record<string, unknown>, delta: string): readonly FoundPage[] {
  const { results, sources, citations, search_result: searchResult, metadata, phase } = fields;
  // Asked of every event; nearly all of them have none of this.
  const first = results ?? sources ?? citations ?? searchResult ?? metadata;
  if (first === undefined && phase !== TOOL_RESPONSE) return NO_PAGES;
  return [
    ...[results, sources, citations, searchResult].flatMap(pagesInList),
    ...pagesWithin(metadata),
    ...(phase === TOOL_RESPONSE ? pagesInText(delta) : []),
  ];
}

/** OpenAI's words, and those of Z.ai's own API (https://docs.z.ai/api-reference/llm/chat-completion). */
const FINISH_REASONS = new Map<string, FinishReason>([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
]);

function decodeFinishReason(reason: unknown): FinishReason | null {
  // `stop` and `tool_calls` say nothing that the reply does not say better itself.
  return typeof reason === 'string' ? (FINISH_REASONS.get(reason) ?? null) : null;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEndMark(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === END_MARK;
}
