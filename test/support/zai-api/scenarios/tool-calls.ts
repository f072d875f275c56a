import type { Step, StreamScenario } from '../../zai-web/scenario.ts';
import { splitText } from '../../zai-web/scenarios/frames.ts';
import { textSteps } from './answers.ts';
import { type ChunkMaker, chunkMaker, DONE } from './chunks.ts';

/** A call as the model makes it. */
export interface CalledTool {
  name: string;
  arguments: object;
  /** Default: one as the service gives them, a negative number. */
  id?: string;
}

/** How calls are told. */
export interface CallOptions {
  /** Over how many chunks the arguments are spread: 1 as without `tool_stream`. Default 3. */
  pieces?: number;
  /** What is said before. Default: nothing. */
  preface?: string;
  /** Default `glm-4.6`. */
  model?: string;
}

/**
 * Calls: id, name and the first piece of the arguments in one chunk, the other pieces in chunks
 * without a role.
 */
export function toolCalls(
  calls: readonly CalledTool[],
  { pieces = 3, preface = '', model }: CallOptions = {},
): StreamScenario {
  const chunks = chunkMaker(model);
  const steps = [
    ...(preface === '' ? [] : textSteps(chunks, preface, 3)),
    ...calls.flatMap((call, index) => callSteps(chunks, call, index, pieces)),
  ];
  return { steps: [...steps, chunks.finish('tool_calls'), DONE] };
}

function callSteps(chunks: ChunkMaker, call: CalledTool, index: number, pieces: number): Step[] {
  const { name, id = `call_-78072552112269555${String(index).padStart(2, '0')}` } = call;
  const [first = '', ...rest] = splitText(JSON.stringify(call.arguments), pieces);
  const opening = { index, id, type: 'function', function: { name, arguments: first } };
  return [
    chunks.delta({ tool_calls: [opening] }),
    ...rest.map((piece) =>
      chunks.roleless({ tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  ];
}
