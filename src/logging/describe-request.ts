import type { ChatCompletionRequest } from '../openai/chat-request.ts';

/** A text of more characters is cut: an image in it has megabytes. */
const MAX_TEXT_LENGTH = 10_000;

/** What a request asks for, in names and numbers: nothing of what its client wrote. */
export function describeRequest(request: ChatCompletionRequest): Record<string, unknown> {
  const { messages, model, tools, functions, ...rest } = request;
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, ...measureContent(content) })),
    tools: (tools ?? functions ?? []).length,
    parameters: Object.fromEntries(
      Object.entries(rest)
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => [name, describeValue(value)]),
    ),
  };
}

/** A request as its client wrote it, its longest texts cut, as JSON. */
export function quoteRequest(request: ChatCompletionRequest): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'string' && value.length > MAX_TEXT_LENGTH
      ? `${value.slice(0, MAX_TEXT_LENGTH)}… (${value.length} characters)`
      : value,
  );
}

function measureContent(content: unknown): { characters: number; parts: number } {
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  const characters = parts.reduce((sum: number, part) => sum + textLength(part), 0);
  return { characters, parts: parts.length };
}

function textLength(part: unknown): number {
  if (typeof part === 'string') return part.length;
  const text = (part as { text?: unknown } | null)?.text;
  return typeof text === 'string' ? text.length : 0;
}

/** Numbers and switches say nothing of anybody. Words do: a user's name, a sequence to stop at. */
function describeValue(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? value : 'set';
}
