import { postChat } from './post-chat.ts';
import { readStream } from './read-stream.ts';
import type { TestGateway } from './start-gateway.ts';

/** What a client sees of a chat, whatever came of it; null = it sees nothing of it. */
export interface ChatOutcome {
  status: number;
  upstream: string | null;
  attempts: string | null;
  text: string | null;
  code: string | null;
}

/** Asks for a reply, whole unless `fields` say otherwise, and reads it to its end. */
export async function outcomeOf(
  gateway: TestGateway,
  fields: Record<string, unknown> = {},
): Promise<ChatOutcome> {
  const response = await postChat(gateway, { stream: false, ...fields });
  const { status, headers } = response;
  const body = await response.text();
  return {
    status,
    upstream: headers.get('x-upstream'),
    attempts: headers.get('x-attempts'),
    ...(fields.stream === true && status === 200 ? readStreamed(body) : readWhole(body)),
  };
}

function readStreamed(body: string): Pick<ChatOutcome, 'text' | 'code'> {
  const { text, error } = readStream(body);
  return { text, code: error?.code ?? null };
}

function readWhole(body: string): Pick<ChatOutcome, 'text' | 'code'> {
  const { choices, error } = JSON.parse(body);
  return { text: choices?.[0].message.content ?? null, code: error?.code ?? null };
}
