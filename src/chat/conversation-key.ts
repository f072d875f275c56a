import type { ChatMessage } from '../openai/chat-message.ts';

/** Whose conversation it is. */
interface ConversationClient {
  /** null when clients show no key. */
  clientKeyId: string | null;
  /** Tells clients apart that show no key. */
  clientAddress: string | null;
}

/**
 * Which conversation a request goes on with. Clients name none and send the whole of it every time,
 * so it is known by whose it is and how it begins: by the first user message and the system and
 * developer messages before it.
 *
 * Two clients never share a key: the client is in it as it is, only the beginning is hashed (64 bits
 * and no secret: a collision that a client contrives is between conversations of its own). Two
 * conversations of one client share one when they begin alike, and so do those of all who are behind
 * one address or one client key. A conversation whose beginning changes from turn to turn, with the
 * time in its system message for instance, has another key each time.
 *
 * For memory only, not for logs: it may hold an address.
 */
export function conversationKey(
  { clientKeyId, clientAddress }: ConversationClient,
  messages: readonly ChatMessage[],
): string {
  const client = clientKeyId === null ? `address ${clientAddress}` : `key ${clientKeyId}`;
  return `${client} ${hashBeginning(messages).toString(36)}`;
}

function hashBeginning(messages: readonly ChatMessage[]): bigint {
  let hash = 0n;
  for (const { role, content } of messages) {
    if (role !== 'system' && role !== 'developer' && role !== 'user') continue;
    // What was hashed before is the seed, so that the same text in other pieces is not the same.
    hash = Bun.hash.wyhash(role, hash);
    for (const text of textsOf(content)) hash = Bun.hash.wyhash(text, hash);
    if (role === 'user') break;
  }
  return hash;
}

/** What a message says, images by their addresses: 1 MB takes a tenth of a millisecond to hash. */
function* textsOf(content: ChatMessage['content']): Generator<string> {
  if (typeof content === 'string') yield content;
  if (!Array.isArray(content)) return;
  for (const { text, image_url } of content) {
    if (text) yield text;
    const url = typeof image_url === 'string' ? image_url : image_url?.url;
    if (url) yield url;
  }
}
