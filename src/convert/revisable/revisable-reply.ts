import type { Channel } from '../message/voice.ts';
import { type Part, type PartSink, textPart } from '../part.ts';
import { createReplyOrder, isSameTextOrder, type ReplyStep } from './reply-order.ts';
import { type CallsState, createRevisableCalls, type RevisableCalls } from './revisable-calls.ts';
import type { Deliver } from './revisable-stages.ts';
import { createRevisableText, type RevisableText } from './revisable-text.ts';

/** Where a reply stood: opaque, immutable, good for any number of returns. */
export interface ReplyState {
  readonly reasoning: number;
  readonly answer: number;
  readonly calls: CallsState;
}

/**
 * The texts and calls of one reply, which its author may still change, sent to a client who can only
 * be sent more. Texts are sent by `flush`, one part for all of a channel that was spoken in a row.
 */
export interface RevisableReply {
  speak(channel: Channel, text: string): void;
  flush(): void;
  /** Sends a part that will not change, in its place between the texts. */
  insert(part: Part): void;
  readonly calls: Pick<RevisableCalls, 'openBlock' | 'append' | 'start' | 'appendTo'>;
  save(): ReplyState;
  /** Back to a state that the reply has had. What was sent stays sent. */
  restore(state: ReplyState): void;
  /** The author is done: what waited goes out. */
  finish(): void;
  /** Whether any text or call was sent. */
  readonly started: boolean;
  /** How many calls the reply has now. */
  readonly currentCalls: number;
  /**
   * How often the author changed what the client already had. That words came in front of others
   * that had been sent counts as well, once, when the reply is finished.
   */
  readonly conflicts: number;
  /** The current text of a channel. Builds it: for the end. */
  textOf(channel: Channel): string;
  /**
   * Sends the finished reply to somebody who has nothing of it yet: exactly what it is, in its
   * order. Without conflicts these are the same parts that were sent before, put together.
   */
  deliver(send: PartSink): void;
}

/**
 * Makes a reply nothing has come of yet.
 *
 * @param onChange called whenever the client has what the reply is not, and again when such a reply is
 *   finished, with what sends all of it as it is now; a call has the index that it was sent with. Without it
 *   the client is sent what follows the common prefix.
 */
export function createRevisableReply(
  send: PartSink,
  onChange?: (deliver: Deliver) => void,
): RevisableReply {
  const texts: Record<Channel, RevisableText> = {
    reasoning: createRevisableText(),
    answer: createRevisableText(),
  };
  const order = createReplyOrder();
  // The texts' turns as the client has them, which without conflicts are those of `order`, and what
  // came between them.
  const sentOrder = createReplyOrder();
  const calls = createRevisableCalls({
    start(index, id, name) {
      sentOrder.addCall(index);
      send({ type: 'tool-call-start', index, id, name });
    },
    append: (index, text) => send({ type: 'tool-call-delta', index, arguments: text }),
    change(index, text) {
      if (onChange !== undefined) onChange(deliverAsSent);
      else send({ type: 'tool-call-delta', index, arguments: text });
    },
  });
  let spokenChannel: Channel = 'answer';
  let spoken = '';
  let flushedChannel: Channel = 'answer';
  let isOrderKept = true;

  function flush(): void {
    if (spoken === '') return;
    const text = spoken;
    spoken = '';
    if (flushedChannel !== spokenChannel) {
      sendText(flushedChannel, texts[flushedChannel].release());
      flushedChannel = spokenChannel;
    }
    order.addText(spokenChannel, text.length);
    const { conflicts } = texts[spokenChannel];
    const lacking = texts[spokenChannel].append(text);
    const isChanged = texts[spokenChannel].conflicts > conflicts;
    if (isChanged && onChange !== undefined) onChange(deliverAsSent);
    else sendText(spokenChannel, lacking);
  }

  function sendText(channel: Channel, text: string): void {
    if (text === '') return;
    sentOrder.addText(channel, text.length);
    send(textPart(channel, text));
  }

  function countConflicts(): number {
    return texts.reasoning.conflicts + texts.answer.conflicts + calls.conflicts;
  }

  function deliver(to: PartSink): void {
    let calls = 0;
    tell(to, () => calls++);
  }

  function deliverAsSent(to: PartSink): void {
    tell(to, (sentIndex) => sentIndex);
  }

  function tell(to: PartSink, indexOf: (sentIndex: number) => number): void {
    const isAsSent = isOrderKept && countConflicts() === 0;
    const steps = isAsSent ? sentOrder.steps : stepsAfterConflict();
    const rest = { reasoning: texts.reasoning.toString(), answer: texts.answer.toString() };
    for (const step of steps) {
      if (step.type === 'part') to(step.part);
      else if (step.type === 'call') tellCall(to, step.index, indexOf(step.index));
      else {
        to(textPart(step.channel, rest[step.channel].slice(0, step.units)));
        rest[step.channel] = rest[step.channel].slice(step.units);
      }
    }
  }

  /** After a conflict nobody has seen the calls where they are now: they come last. */
  function stepsAfterConflict(): readonly ReplyStep[] {
    const inserted = sentOrder.steps.filter((step) => step.type === 'part');
    const current = calls.current().map(({ index }): ReplyStep => ({ type: 'call', index }));
    return [...inserted, ...order.steps, ...current];
  }

  function tellCall(to: PartSink, sentIndex: number, index: number): void {
    const call = calls.sent[sentIndex];
    if (call === undefined) return;
    to({ type: 'tool-call-start', index, id: call.id, name: call.name });
    const text = call.arguments.toString();
    if (text !== '') to({ type: 'tool-call-delta', index, arguments: text });
  }

  return {
    speak(channel, text) {
      if (channel !== spokenChannel) flush();
      spokenChannel = channel;
      spoken += text;
    },
    flush,
    insert(part) {
      flush();
      sentOrder.addPart(part);
      send(part);
    },
    calls: {
      openBlock(id, name) {
        flush();
        calls.openBlock(id, name);
      },
      append: calls.append,
      start: calls.start,
      appendTo: calls.appendTo,
    },
    save() {
      flush();
      const { reasoning, answer } = texts;
      return { reasoning: reasoning.length, answer: answer.length, calls: calls.save() };
    },
    restore(state) {
      texts.reasoning.truncate(state.reasoning);
      texts.answer.truncate(state.answer);
      order.truncate(state);
      calls.restore(state.calls);
    },
    finish() {
      flush();
      for (const channel of ['reasoning', 'answer'] as const) {
        sendText(channel, texts[channel].finish());
      }
      calls.finish();
      isOrderKept = countConflicts() > 0 || isSameTextOrder(order, sentOrder);
      const isChanged = countConflicts() > 0 || !isOrderKept;
      if (isChanged && onChange !== undefined) onChange(deliverAsSent);
    },
    get started() {
      return sentOrder.steps.some((step) => step.type !== 'part');
    },
    get currentCalls() {
      return calls.current().length;
    },
    get conflicts() {
      return countConflicts() + (isOrderKept ? 0 : 1);
    },
    textOf: (channel) => texts[channel].toString(),
    deliver,
  };
}
