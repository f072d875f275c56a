import { postChat } from './post-chat.ts';
import type { TestGateway } from './start-gateway.ts';

/** What a client sees of a whole reply, and of how it came about; null = it sees nothing of it. */
export interface Reply {
  status: number;
  attempts: string | null;
  text: string | null;
  code: string | null;
}

/** Asks for a whole reply. */
export async function ask(gateway: TestGateway): Promise<Reply> {
  const response = await postChat(gateway, { stream: false });
  const body = (await response.json()) as {
    choices?: { message: { content: string } }[];
    error?: { code: string };
  };
  return {
    status: response.status,
    attempts: response.headers.get('x-attempts'),
    text: body.choices?.[0]?.message.content ?? null,
    code: body.error?.code ?? null,
  };
}

/** A reply that came with this attempt. */
export function served(attempts: number, text: string): Reply {
  return { status: 200, attempts: String(attempts), text, code: null };
}

/** An error in place of a reply, after so many attempts. */
export function failed(attempts: number, status: number, code: string): Reply {
  return { status, attempts: String(attempts), text: null, code };
}
