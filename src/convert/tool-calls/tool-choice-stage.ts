import { upstreamFailure } from '../../upstream-failure.ts';
import type { Part, Stage } from '../part.ts';
import type { ToolChoice, ToolRules } from '../reply-rules.ts';

/**
 * Holds a reply to what the client chose:
 *
 * - a named function: calls of others are dropped, since a client that names one reads the first call
 *   as a call of it
 * - `parallel: false`: the first call is kept, the others are dropped
 * - `required` or a named function: a reply that ends without the call is a failure,
 *   `required-call-missing`
 *
 * A reply that has to call is held back until its call begins, and is dropped if it fails before, in
 * this way or another: with nothing sent, another attempt can still serve the request. One that the
 * token limit cut off or a filter blocked ends as it did, since its reason says why there is no call.
 *
 *   holding ──a call that is wanted──▶ passing ──▶ reply-end, reply-error
 *      └──reply-end, reply-error──▶ reply-error alone
 */
export function createToolChoiceStage({ choice, parallel }: ToolRules): Stage {
  return (next) => {
    // null = passing: nothing is held any more.
    let held: Part[] | null = choice === 'auto' ? null : [];
    // The calls that are kept, by the index they came with.
    const kept = new Map<number, number>();

    function pass(part: Part): void {
      if (held === null) next(part);
      else held.push(part);
    }

    function release(): void {
      const due = held ?? [];
      held = null;
      for (const part of due) next(part);
    }

    function startCall(part: Extract<Part, { type: 'tool-call-start' }>): void {
      const isSpare = !parallel && kept.size > 0;
      if (isSpare || !isChosen(choice, part.name)) return;
      release();
      const index = kept.size;
      kept.set(part.index, index);
      next({ ...part, index });
    }

    function end(part: Extract<Part, { type: 'reply-end' }>): void {
      const { finishReason } = part;
      const isMissing = held !== null && (finishReason === 'stop' || finishReason === 'tool_calls');
      if (isMissing) {
        next({ type: 'reply-error', failure: missing(choice) });
        return;
      }
      release();
      next(part);
    }

    return (part) => {
      switch (part.type) {
        case 'tool-call-start':
          return startCall(part);
        case 'tool-call-delta': {
          const index = kept.get(part.index);
          if (index !== undefined) next({ ...part, index });
          return;
        }
        case 'reply-end':
          return end(part);
        case 'reply-error':
          return next(part);
        default:
          return pass(part);
      }
    };
  };
}

function isChosen(choice: ToolChoice, name: string): boolean {
  return typeof choice === 'string' || choice.name === name;
}

function missing(choice: ToolChoice) {
  const what = typeof choice === 'string' ? 'a tool' : `the tool '${choice.name}'`;
  return upstreamFailure(
    'required-call-missing',
    `The model was required to call ${what} and did not.`,
  );
}
