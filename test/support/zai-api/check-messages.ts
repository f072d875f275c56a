import type { ServedModel } from './models.ts';
import { type Fault, invalid, isObject, missing, unknownFields } from './request-fault.ts';

type Message = Record<string, unknown>;

/** What a message of each role may have. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content'],
  user: ['role', 'content'],
  assistant: ['role', 'content', 'reasoning_content', 'tool_calls'],
  tool: ['role', 'content', 'tool_call_id'],
};

/** What is wrong with a conversation. */
export function* messageFaults(
  messages: readonly unknown[],
  model: ServedModel | undefined,
): Generator<Fault> {
  const callIds = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const place = `messages.${index}.`;
    const fields = isObject(message) ? FIELDS[String(message.role)] : undefined;
    if (!isObject(message) || fields === undefined) {
      yield invalid(`${place}role`, 'is not known');
      continue;
    }
    yield* unknownFields(message, fields, place);
    yield* contentFaults(message, place, model);
    yield* callFaults(message, place, callIds);
  }
  if (!messages.some((message) => isObject(message) && message.role === 'user')) {
    yield invalid('messages', 'have none of the user');
  }
}

/** `content: null` and `""` are refused also beside calls, where the field may be left out. */
function* contentFaults(
  message: Message,
  place: string,
  model: ServedModel | undefined,
): Generator<Fault> {
  const { role, content, tool_calls: calls } = message;
  if (content === undefined && calls !== undefined) return;
  if (Array.isArray(content) && role === 'user') return yield* partFaults(content, place, model);
  if (content === undefined || content === null || content === '') yield missing(`${place}content`);
  else if (typeof content !== 'string') yield invalid(`${place}content`, 'is no text');
}

function* partFaults(
  parts: readonly unknown[],
  place: string,
  model: ServedModel | undefined,
): Generator<Fault> {
  if (parts.length === 0) yield missing(`${place}content`);
  if (model?.takesImages === false) yield invalid(`${place}content`, 'has parts for a text model');
  for (const [index, part] of parts.entries()) {
    if (!isContentPart(part)) yield invalid(`${place}content.${index}`, 'is no text and no image');
  }
}

function isContentPart(part: unknown): boolean {
  if (!isObject(part)) return false;
  if (part.type === 'text') return typeof part.text === 'string' && part.text !== '';
  const { image_url: image } = part;
  return part.type === 'image_url' && isObject(image) && /^(https?|data):/.test(String(image.url));
}

function* callFaults(message: Message, place: string, callIds: Set<string>): Generator<Fault> {
  const { role, tool_calls: calls, tool_call_id: answered } = message;
  if (role === 'tool' && !callIds.has(String(answered))) {
    yield invalid(`${place}tool_call_id`, 'is of no call before');
  }
  if (calls === undefined) return;
  if (!Array.isArray(calls) || calls.length === 0) return yield missing(`${place}tool_calls`);
  for (const [index, call] of calls.entries()) {
    const isCall = isToolCall(call);
    if (isCall) callIds.add(String(call.id));
    else yield invalid(`${place}tool_calls.${index}`, 'is no call');
  }
}

function isToolCall(call: unknown): call is Message {
  if (!isObject(call) || typeof call.id !== 'string' || call.type !== 'function') return false;
  const { function: called } = call;
  if (!isObject(called)) return false;
  return typeof called.name === 'string' && typeof called.arguments === 'string';
}
