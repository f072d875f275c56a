import type { Semaphore } from '../admission/semaphore.ts';
import { errorFrame } from '../convert/openai/error-frame.ts';
import type { ReplyFormat } from '../convert/reply-converter.ts';
import { ClientLeftError, GatewayError, InternalError } from '../errors.ts';
import type { StreamClocks } from '../stream-pool/protocol.ts';
import { toGatewayError } from '../upstream-failure.ts';
import type { AttemptServices } from './attempts.ts';
import type { ChatCall } from './chat-call.ts';
import { ChatImages } from './chat-images.ts';
import { type ChatEnd, ChatStory } from './chat-story.ts';
import type { TraceChat } from './chat-trace.ts';
import { type ChoicesCaller, type ChoicesEnd, runChoices } from './choices.ts';
import { conversationKey } from './conversation-key.ts';
import { HeldHead } from './held-head.ts';
import { openVisits } from './open-visits.ts';
import { type ChatPlan, type PlanSources, planChat, replyShape } from './plan-chat.ts';
import type { ReplySink } from './reply-sink.ts';
import type { RunningChatFacts, RunningChats } from './running-chats.ts';
import type { SettleChat } from './settle-chat.ts';
import type { Upstream } from './upstreams/upstream.ts';

/** The longest SSE frame accepted: an edit may repeat a whole message. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** What a chat needs of the gateway. */
export interface ChatServices {
  planning: PlanSources;
  running: RunningChats;
  admission: Semaphore;
  /** In order of preference. */
  upstreams: readonly Upstream[];
  attempts: AttemptServices;
  clocks: StreamClocks;
  /** Is told of each chat as it comes. */
  onStart(call: ChatCall): void;
  /** null = chats are not traced. */
  trace: TraceChat | null;
  settle: SettleChat;
  /** How long a stream's response is held back for its first part, in ms. */
  holdMs: number;
}

/** A chat under way. */
export interface StartedChat {
  /**
   * Resolves when the response may begin: a stream's with its first part, or after `holdMs` without
   * one; a whole reply's when the sink has all of it. Rejects with a `GatewayError` when the chat
   * fails before that.
   */
  begun: Promise<void>;
  /** What the response says of how it came about, as far as is known by now; an error's too. */
  headers(): Record<string, string>;
}

/**
 * The life of one chat: plan, permit, choices and their attempts, settlement. A failure after it has
 * begun is an error frame in the stream. Either way the chat is settled exactly once, and its permit,
 * credential and upstream connection come back.
 */
export function startChat(services: ChatServices, call: ChatCall, sink: ReplySink): StartedChat {
  const story = new ChatStory(call, replyShape(call.request, services.planning.settings));
  const head = new HeldHead();
  services.onStart(call);
  void live(services, call, sink, story, head);
  return { begun: head.promise, headers: () => story.headers() };
}

async function live(
  services: ChatServices,
  call: ChatCall,
  sink: ReplySink,
  story: ChatStory,
  head: HeldHead,
): Promise<void> {
  const trace = services.trace?.(call) ?? null;
  let end: ChatEnd;
  try {
    using running = services.running.enter(call.signal, factsOf(call));
    const plan = await planChat(call, services.planning);
    story.planned(plan);
    story.queued();
    using _permit = await services.admission.acquire(running.signal, call.clientKeyId);
    story.admitted();
    if (plan.shape === 'stream') head.holdAtMost(services.holdMs);
    const choices = await runChoices(services.attempts, {
      ...choicesOf(services, plan, call, running.signal),
      trace,
      onAttempt: (attempt) => story.attempted(attempt),
      onRefusal: (upstream, failure, leaseMs) => story.refused(upstream, failure, leaseMs),
      write(bytes) {
        story.wrote();
        if (plan.shape === 'stream') head.commit();
        return sink.write(bytes);
      },
    });
    end = endOfChoices(choices, running.signal);
  } catch (error) {
    end = endOfError(error);
  }
  close(end, sink, head);
  const record = story.toRecord(end, head.committed);
  services.settle(record, end.error);
  trace?.settled(record);
}

function replyFormat(plan: ChatPlan): ReplyFormat {
  return {
    shape: plan.shape,
    completionId: `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`,
    created: Math.floor(Date.now() / 1000),
    model: plan.model.publicName,
    includeUsage: plan.includeUsage,
    callForm: plan.callForm,
  };
}

/** What a plan comes to, besides what is told of it. */
function choicesOf(
  { clocks, upstreams }: ChatServices,
  plan: ChatPlan,
  call: ChatCall,
  signal: AbortSignal,
): Omit<ChoicesCaller, 'trace' | 'onAttempt' | 'onRefusal' | 'write'> {
  const images = new ChatImages(plan.images, signal);
  return {
    count: plan.choices,
    format: replyFormat(plan),
    conversation: conversationKey(call, call.request.messages),
    totalMs: clocks.totalMs,
    signal,
    openVisits: () => openVisits(upstreams, plan, images),
    buildJob: (format, exchange, totalMs) => ({
      exchange,
      format,
      rules: plan.rules,
      clocks: { ...clocks, totalMs },
      maxFrameBytes: MAX_FRAME_BYTES,
    }),
  };
}

function endOfChoices({ outcome, errorWritten }: ChoicesEnd, signal: AbortSignal): ChatEnd {
  switch (outcome.state) {
    case 'completed':
      return { ...outcome, outcome: 'completed', error: null, errorWritten };
    case 'cancelled':
      return { ...endOfError(signal.reason), editConflicts: outcome.editConflicts };
    case 'failed': {
      const error = toGatewayError(outcome.failure);
      return { ...outcome, outcome: 'failed', error, errorWritten };
    }
    default:
      return outcome satisfies never;
  }
}

function endOfError(reason: unknown): ChatEnd {
  const error = reason instanceof GatewayError ? reason : new InternalError(reason);
  const outcome = error instanceof ClientLeftError ? 'cancelled' : 'failed';
  return { outcome, error, errorWritten: false, usage: null, editConflicts: 0 };
}

function close({ error, errorWritten }: ChatEnd, sink: ReplySink, head: HeldHead): void {
  if (error !== null && head.committed && !errorWritten) {
    void sink.write(new TextEncoder().encode(errorFrame(error.toBody())));
  }
  sink.end();
  if (error === null) head.commit();
  else head.refuse(error);
}

function factsOf(call: ChatCall): RunningChatFacts {
  const { requestId, method, path, clientKeyId, clientAddress, userAgent, receivedAt } = call;
  const model = call.request.model ?? null;
  return { requestId, method, path, model, clientKeyId, clientAddress, userAgent, receivedAt };
}
