import {
  type UpstreamFailure,
  type UpstreamFailureKind,
  upstreamFailure,
} from '../../upstream-failure.ts';
import type { Channel } from '../message/voice.ts';
import { type FinishReason, type Part, type TokenUsage, textPart } from '../part.ts';
import { createSearchIndex } from '../search/search-index.ts';
import type { FoundPage } from '../search/search-pages.ts';
import type { UpstreamReply, UpstreamReplyOptions } from '../upstream-reply.ts';
import type { ApiEvent, ApiUpdate } from './api-event.ts';
import { createThinkTags } from './think-tags.ts';
import { createToolCallAssembly } from './tool-call-assembly.ts';
import { createWholeCharacters } from './whole-characters.ts';

/** Ways in which an exchange may break off that has nothing left to say. */
const LOST: ReadonlySet<UpstreamFailureKind> = new Set([
  'broken-stream',
  'idle-timeout',
  'total-timeout',
]);

/**
 * One reply of an OpenAI-compatible service. Nothing in it is ever changed, so parts go on as they
 * come, whatever the delivery.
 *
 *   open ──reason to finish──▶ finished ──[DONE], the close, a lost connection──▶ `reply-end`
 *     ├──[DONE]──────────────────────────────────────────────────────────────────▶ `reply-end`
 *     └──failure, or closed before that──────────────────────────────────────────▶ `reply-error`
 *
 * Usage may come behind the reason to finish, so that does not end the reply by itself. A reply that
 * ends with nothing in it, for no reason that explains it and with no tokens counted, is a failure:
 * `empty-reply`. One that is blocked amid its words ends properly, as with OpenAI: what was said
 * stands, with the reason `content_filter`; before them it is a failure like others.
 *
 * A server's own `<think>` tags make reasoning too, unless that has come in a field before them. In
 * the mode `raw` they stay.
 */
export function createApiReply({ rules, onPart }: UpstreamReplyOptions): UpstreamReply<ApiEvent> {
  const tags = rules.thinking === 'raw' ? null : createThinkTags(say);
  const calls = rules.tools === null ? null : createToolCallAssembly(send);
  const searchIndex = createSearchIndex();
  const characters = createWholeCharacters();
  let channel: Channel = 'answer';
  let started = false;
  let ended = false;
  let usage: TokenUsage | null = null;
  let finishReason: FinishReason | null = null;
  let ignoredFrames = 0;

  function say(next: Channel, text: string): void {
    if (next !== channel) finishText();
    channel = next;
    sendText(characters.take(text));
  }

  function finishText(): void {
    sendText(characters.release());
  }

  function sendText(text: string): void {
    if (text !== '') send(textPart(channel, text));
  }

  function send(part: Part): void {
    started = true;
    onPart(part);
  }

  function update({ reasoning, text, toolCalls, pages, usage: counted, ending }: ApiUpdate): void {
    if (pages.length > 0 && rules.search) addPages(pages);
    if (reasoning !== '') think(reasoning);
    if (text !== '') answer(text);
    if (toolCalls.length > 0) call(toolCalls);
    usage = counted ?? usage;
    if (ending === null) return;
    if ('failure' in ending) endWithFailure(ending.failure);
    else finishReason = ending.finishReason;
  }

  function addPages(pages: readonly FoundPage[]): void {
    const results = searchIndex.add(pages);
    if (results !== null) onPart({ type: 'search-results', results });
  }

  function think(reasoning: string): void {
    tags?.release();
    tags?.expectNone();
    say('reasoning', reasoning);
  }

  function answer(text: string): void {
    if (tags === null) say('answer', text);
    else tags.read(text);
  }

  function call(pieces: ApiUpdate['toolCalls']): void {
    if (calls === null) return;
    tags?.release();
    finishText();
    calls.accept(pieces);
  }

  function complete(): void {
    tags?.release();
    finishText();
    if (!started && !hasOtherReason()) {
      const message = 'The upstream ended its reply without any content.';
      endWithFailure(upstreamFailure('empty-reply', message));
      return;
    }
    if (usage !== null) onPart({ type: 'usage', usage, estimated: false });
    endWith({ type: 'reply-end', finishReason: endReason() });
  }

  /** Whether an empty reply is one: the model ran, or something kept it from running. */
  function hasOtherReason(): boolean {
    return (usage?.completionTokens ?? 0) > 0 || (finishReason ?? 'stop') !== 'stop';
  }

  /** A reply that calls must not end with `stop`: agents would not answer the calls. */
  function endReason(): FinishReason {
    const reason = finishReason ?? 'stop';
    return reason === 'stop' && calls !== null && calls.count > 0 ? 'tool_calls' : reason;
  }

  /** What is lost behind the reason to finish is usage at most. */
  function breakOff(failure: UpstreamFailure): void {
    if (ended) return;
    if (finishReason !== null && LOST.has(failure.kind)) complete();
    else endWithFailure(failure);
  }

  function endWithFailure(failure: UpstreamFailure): void {
    if (failure.kind === 'content-filtered' && started) {
      finishReason = 'content_filter';
      complete();
    } else endWith({ type: 'reply-error', failure });
  }

  function endWith(part: Part): void {
    ended = true;
    onPart(part);
  }

  return {
    accept(event) {
      if (ended) return;
      switch (event.type) {
        case 'update':
          return update(event);
        case 'failure':
          return endWithFailure(event.failure);
        case 'end':
          return complete();
        case 'ignored':
          ignoredFrames += 1;
          return;
        default:
          event satisfies never;
      }
    },
    close: () => breakOff(upstreamFailure('broken-stream', closedEarly(ignoredFrames))),
    fail: breakOff,
    get ended() {
      return ended;
    },
    get usage() {
      return usage;
    },
    editConflicts: 0,
  };
}

function closedEarly(ignoredFrames: number): string {
  const unknown =
    ignoredFrames === 0 ? '' : ` (${ignoredFrames} of its frames were not understood)`;
  return `The upstream closed the stream before its reply was complete${unknown}.`;
}
