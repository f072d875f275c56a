import type { ChatMessage } from '../../openai/chat-message.ts';
import { writeToolResult } from './tool-text.ts';

/** A result: the message that brings it, and its text. */
export interface ToolResult {
  message: ChatMessage;
  text: string;
}

/** Knows the calls of a conversation so far, and so which result answers which. */
export interface ToolResults {
  /** Takes note of an assistant's calls. */
  noteCalls(message: ChatMessage): void;
  /**
   * The results that stand together, as one text, in the order of the calls they answer: the models'
   * own form of a call has no id. A result that answers no known call comes last.
   */
  write(results: readonly ToolResult[]): string;
}

interface Call {
  name: string;
  position: number;
}

/** The calls that have one id. */
interface SameIdCalls {
  /** Those without a result; the one that gets the next is last. */
  open: Call[];
  latest: Call;
}

/**
 * Makes the book of one conversation. Some clients use an id again (`call_0` in every turn, or for
 * all calls of one): a result answers the latest message that has a call of this id without a result,
 * and there the first such call. When all have theirs, it is one more result of the latest.
 */
export function createToolResults(): ToolResults {
  const calls = new Map<string, SameIdCalls>();
  let position = 0;

  function note(id: string, call: Call): void {
    const known = calls.get(id) ?? { open: [], latest: call };
    known.open.push(call);
    if (call.position > known.latest.position) known.latest = call;
    calls.set(id, known);
  }

  function answer({ message }: ToolResult): Call | null {
    const known = calls.get(message.tool_call_id ?? '');
    return known?.open.pop() ?? known?.latest ?? null;
  }

  return {
    noteCalls({ tool_calls }) {
      const made = tool_calls ?? [];
      // From the last to the first: that is the order in which they are taken from the end.
      for (const [at, { id, function: called }] of [...made.entries()].reverse()) {
        if (id && called) note(id, { name: called.name, position: position + at });
      }
      position += made.length;
    },
    write(results) {
      return results
        .map((result) => ({ result, call: answer(result) }))
        .toSorted((one, other) => positionOf(one.call) - positionOf(other.call))
        .map(({ result: { message, text }, call }) =>
          writeToolResult(text, message.name ?? call?.name ?? null),
        )
        .join('\n');
    },
  };
}

function positionOf(call: Call | null): number {
  return call?.position ?? Number.MAX_SAFE_INTEGER;
}
