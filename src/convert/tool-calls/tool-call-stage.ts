import type { FinishReason, Part, Stage } from '../part.ts';
import type { ToolRules } from '../reply-rules.ts';
import { createCallFinder } from './call-finder.ts';
import { createCallId } from './call-id.ts';
import { createCallOutput } from './call-output.ts';
import { createReasonedCalls } from './reasoned-calls.ts';
import { createToolSet } from './tool-set.ts';

/**
 * Finds the tool calls that a model wrote into its text, in any of these forms, and sends them as
 * calls:
 *
 * - `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, with several objects or a list as well
 * - `<tool_call>name<arg_key>key</arg_key><arg_value>value</arg_value>…</tool_call>`
 * - `{"tool_calls": […]}` or `{"name": …, "arguments": {…}}`, with lines of its own or as the whole of
 *   a code block
 * - the first two in a code block that is the whole answer
 *
 * A block may lack its end. A name is certain to be a call's only if a tool of the request has it:
 * anything else stays text, also what looks perfect but names an unknown tool. Text is held back only
 * while it may become a call, and `rules.scanLimit` units of it at most where no call is recognized
 * (see `CallReader.heldUnits`); once a call has begun there is no way back, and its arguments are sent
 * one by one as they end.
 *
 * A reply that is over and has neither words nor calls has those with which its reasoning ends (see
 * `createReasonedCalls`). They come last; that they were sent as reasoning as well is not undone.
 *
 * Calls that the upstream makes itself pass; all calls are counted together, from 0. A reply that
 * ended with `stop` and has calls ends with `tool_calls`. One that was cut off leaves the arguments
 * it was cut in as they are: they are no JSON, so that nobody runs half a command.
 *
 * @param createId makes the ids of calls that came without.
 */
export function createToolCallStage(rules: ToolRules, createId = createCallId): Stage {
  return (next) => {
    const output = createCallOutput(next, createId);
    const { scanLimit } = rules;
    const tools = createToolSet(rules.tools);
    const finder = createCallFinder({ tools, calls: output, say: output.say, scanLimit });
    const reasonedCalls = createReasonedCalls(tools, scanLimit);
    const nativeIndexes = new Map<number, number>();

    function passNative(part: Extract<Part, { type: 'tool-call-start' }>): void {
      const index = output.addNative(part.id);
      nativeIndexes.set(part.index, index);
      next({ ...part, index });
    }

    function end(isCut: boolean): void {
      finder.end(isCut);
      if (!isCut && output.isBlank) reasonedCalls.release(output);
      output.end();
    }

    return (part) => {
      switch (part.type) {
        case 'reasoning-delta':
          if (output.isBlank) reasonedCalls.read(part.text);
          return next(part);
        case 'text-delta':
          finder.read(part.text);
          return output.flush();
        case 'tool-call-start':
          return passNative(part);
        case 'tool-call-delta':
          return next({ ...part, index: nativeIndexes.get(part.index) ?? part.index });
        case 'reply-end':
          end(isCutOff(part.finishReason));
          return next(output.hasCalls ? withCalls(part) : part);
        case 'reply-error':
          end(true);
          return next(part);
        default:
          return next(part);
      }
    };
  };
}

function isCutOff(finishReason: FinishReason): boolean {
  return finishReason === 'length' || finishReason === 'content_filter';
}

function withCalls(part: Extract<Part, { type: 'reply-end' }>): Part {
  return part.finishReason === 'stop' ? { ...part, finishReason: 'tool_calls' } : part;
}
