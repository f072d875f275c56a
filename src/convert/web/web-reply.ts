import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import { createMessageReader } from '../message/message-reader.ts';
import { createMessageText } from '../message/message-text.ts';
import { toolBlockRest } from '../message/tool-block-end.ts';
import { voiceOf } from '../message/voice.ts';
import type { FinishReason, Part, TokenUsage } from '../part.ts';
import { createRevisableReply } from '../revisable/revisable-reply.ts';
import { createSearchIndex } from '../search/search-index.ts';
import type { FoundPage } from '../search/search-pages.ts';
import type { UpstreamReply, UpstreamReplyOptions } from '../upstream-reply.ts';
import { createToolCallFields } from './tool-call-fields.ts';
import type { WebEvent } from './web-event.ts';

type Update = Extract<WebEvent, { type: 'update' }>;

/**
 * Makes a reply of chat.z.ai nothing has come of yet. Delivered `final`, all of it comes at its end.
 *
 *   open ──done frame, [DONE], or closed right after usage──▶ ended   `usage`, `reply-end`
 *     └──failure, or closed before that─────────────────────▶ ended   `reply-error`
 *
 * A reply that ends properly but brought neither words nor calls nor usage is a failure too:
 * `empty-reply`. One that the content filter stops after its first words ends properly, as with
 * OpenAI: what was said stands, with the reason `content_filter`; before them it is a failure like
 * others. Once ended, everything is ignored.
 */
export function createWebReply({
  delivery,
  rules,
  onPart,
  onChange,
}: UpstreamReplyOptions): UpstreamReply<WebEvent> {
  const isLive = delivery === 'live';
  const toolNames = new Set(rules.tools?.tools.map((tool) => tool.name));
  const reply = isLive ? createRevisableReply(onPart, onChange) : createRevisableReply(() => {});
  const onPages = rules.search ? addPages : null;
  const raw = rules.thinking === 'raw';
  const message = createMessageText(createMessageReader(reply, { raw, toolNames, onPages }));
  const callFields = createToolCallFields(toolNames, reply.calls);
  const searchIndex = createSearchIndex();
  let ended = false;
  let usage: TokenUsage | null = null;
  // Usage is the service's last word: a close behind it is an end, a close behind text is a break.
  let usageIsLast = false;
  let finishReason: FinishReason | null = null;
  let previousPhase: string | null = null;
  let ignoredFrames = 0;

  function update(event: Update): void {
    addPages(event.pages);
    applyText(event);
    if (rules.tools !== null) callFields.accept(event.toolCalls);
    previousPhase = event.phase;
    finishReason = event.finishReason ?? finishReason;
    if (event.usage !== null) {
      usage = event.usage;
      usageIsLast = true;
    }
    if (event.done) complete();
  }

  function applyText({ phase, edit, deltaContent, toolCalls }: Update): void {
    if (edit !== null) applyEdit(phase, edit.index, edit.content);
    if (deltaContent !== '') message.append(deltaContent, voice(phase, deltaContent));
    if (edit !== null || deltaContent !== '' || toolCalls.length > 0) usageIsLast = false;
  }

  function applyEdit(phase: string | null, index: number, content: string): void {
    const how = voice(phase, content);
    // The rest of a tool's JSON is hidden; what follows on it in the same frame is the reply again.
    const restEnd = how === 'hidden' && phase === 'other' ? toolBlockRest(content) : content.length;
    message.edit(index, content.slice(0, restEnd), how);
    if (restEnd < content.length) message.append(content.slice(restEnd), 'trailing');
  }

  function voice(phase: string | null, text: string) {
    return voiceOf(phase, text, previousPhase);
  }

  function addPages(pages: readonly FoundPage[]): void {
    if (pages.length === 0 || !rules.search) return;
    const results = searchIndex.add(pages);
    if (results !== null) reply.insert({ type: 'search-results', results });
  }

  function complete(): void {
    message.finish();
    if (!reply.started && usage === null) {
      endWithFailure(
        upstreamFailure('empty-reply', 'The upstream ended its reply without any content.'),
      );
      return;
    }
    if (!isLive) reply.deliver(onPart);
    if (usage !== null) onPart({ type: 'usage', usage, estimated: false });
    const ownReason = reply.currentCalls > 0 ? 'tool_calls' : 'stop';
    endWith({ type: 'reply-end', finishReason: finishReason ?? ownReason });
  }

  function fail(failure: UpstreamFailure): void {
    if (ended) return;
    if (failure.kind === 'content-filtered' && reply.started) {
      finishReason = 'content_filter';
      complete();
    } else endWithFailure(failure);
  }

  function endWithFailure(failure: UpstreamFailure): void {
    endWith({ type: 'reply-error', failure });
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
          return fail(event.failure);
        case 'end':
          return complete();
        case 'ignored':
          ignoredFrames += 1;
          return;
        default:
          event satisfies never;
      }
    },
    close() {
      if (ended) return;
      if (usageIsLast) complete();
      else fail(upstreamFailure('broken-stream', brokenOff(ignoredFrames)));
    },
    fail,
    get ended() {
      return ended;
    },
    get usage() {
      return usage;
    },
    get editConflicts() {
      return isLive ? reply.conflicts : 0;
    },
  };
}

function brokenOff(ignoredFrames: number): string {
  const unknown =
    ignoredFrames === 0 ? '' : ` (${ignoredFrames} of its frames were not understood)`;
  return `The upstream closed the stream before its reply was complete${unknown}.`;
}
