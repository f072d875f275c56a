import type { ChatMessage } from '../../openai/chat-message.ts';

/**
 * Gives each call of a conversation its id and each result the id of its call, also where the client
 * leaves them out: the older form of calls has none.
 */
export interface CallIds {
  ofCall(id: string | null | undefined): string;
  /** A result without an id answers the oldest call that has no result yet. */
  ofResult(result: Pick<ChatMessage, 'tool_call_id'>): string;
}

/** Numbers the calls of one conversation, so that its turns go on with the same ids. */
export function createCallIds(): CallIds {
  const unanswered = new Set<string>();
  let made = 0;
  const make = () => `call_unnamed_${made++}`;
  return {
    ofCall(given) {
      const id = given || make();
      unanswered.add(id);
      return id;
    },
    ofResult({ tool_call_id }) {
      const [oldest] = unanswered;
      const id = tool_call_id || (oldest ?? make());
      unanswered.delete(id);
      return id;
    },
  };
}
