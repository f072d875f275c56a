import { upstreamFailure } from '../../upstream-failure.ts';
import type { Channel } from '../message/voice.ts';
import { type Part, type PartSink, textPart } from '../part.ts';
import { createReplyOrder, isSameOrder } from './reply-order.ts';
import { createRevisableText, type RevisableText } from './revisable-text.ts';
import { createSentCalls } from './sent-calls.ts';

/**
 * What a client of a stream has of a reply that may be told more than once. Parts that tell what the
 * client has already are not sent again; text that differs from what it has follows on the common
 * prefix, and is a conflict.
 *
 * A call is no text: a client puts its arguments together and runs it. So when arguments turn out to
 * differ from what the client has of them, or a call is gone of which it has a part, the reply fails,
 * `broken-stream`: arguments of two versions may well be JSON, and mean what nobody has said. A call
 * that is gone when the client has all of it stands, and is a conflict.
 */
export interface SentReply {
  /** Takes the next part. Behind the last one everything is ignored. */
  take(part: Part): void;
  /** The reply is told once more, from its start. */
  restart(): void;
  /**
   * How often what the client had was changed. That it has all of the reply in another order counts
   * as well, once, when the reply is over.
   */
  readonly conflicts: number;
}

/** Makes the record of a client that has nothing; `send` sends to it. */
export function createSentReply(send: PartSink): SentReply {
  const texts: Record<Channel, RevisableText> = {
    reasoning: createRevisableText(),
    answer: createRevisableText(),
  };
  const calls = createSentCalls(send);
  const passed = new Set<Part>();
  const sentOrder = createReplyOrder();
  let toldOrder = createReplyOrder();
  let channel: Channel = 'answer';
  let isOrderKept = true;
  let ended = false;

  function say(next: Channel, text: string): void {
    if (next !== channel) sendText(texts[channel].release());
    channel = next;
    toldOrder.addText(next, text.length);
    sendText(texts[next].append(text));
  }

  function sendText(text: string): void {
    if (text === '') return;
    sentOrder.addText(channel, text.length);
    send(textPart(channel, text));
  }

  function startCall(part: Extract<Part, { type: 'tool-call-start' }>): void {
    const callsBefore = calls.count;
    const index = calls.start(part);
    toldOrder.addCall(index);
    if (calls.count > callsBefore) sentOrder.addCall(index);
  }

  function end(part: Extract<Part, { type: 'reply-end' }>): void {
    for (channel of ['reasoning', 'answer'] as const) sendText(texts[channel].finish());
    if (!calls.finish()) {
      fail();
      return;
    }
    isOrderKept = countConflicts() > 0 || isSameOrder(toldOrder, sentOrder);
    ended = true;
    // Whoever has calls has to answer them, also those that are gone.
    const hasCalls = part.finishReason === 'stop' && calls.count > 0;
    send(hasCalls ? { ...part, finishReason: 'tool_calls' } : part);
  }

  function fail(): void {
    ended = true;
    const message = 'The upstream changed a tool call after a part of it had been sent.';
    send({ type: 'reply-error', failure: upstreamFailure('broken-stream', message) });
  }

  function pass(part: Part): void {
    if (passed.has(part)) return;
    passed.add(part);
    send(part);
  }

  function countConflicts(): number {
    return texts.reasoning.conflicts + texts.answer.conflicts + calls.conflicts;
  }

  return {
    take(part) {
      if (ended) return;
      switch (part.type) {
        case 'reasoning-delta':
          return say('reasoning', part.text);
        case 'text-delta':
          return say('answer', part.text);
        case 'tool-call-start':
          return startCall(part);
        case 'tool-call-delta':
          if (!calls.append(part)) fail();
          return;
        case 'reply-end':
          return end(part);
        case 'reply-error':
          ended = true;
          return send(part);
        default:
          return pass(part);
      }
    },
    restart() {
      for (const text of Object.values(texts)) text.truncate(0);
      toldOrder = createReplyOrder();
      calls.restart();
    },
    get conflicts() {
      return countConflicts() + (isOrderKept ? 0 : 1);
    },
  };
}
