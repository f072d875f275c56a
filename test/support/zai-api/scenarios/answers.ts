import type { Gate } from '../../zai-web/gate.ts';
import type { Step, StreamScenario } from '../../zai-web/scenario.ts';
import { splitText } from '../../zai-web/scenarios/frames.ts';
import { type ChunkMaker, chunkMaker, DONE } from './chunks.ts';

/** How an answer is told. */
export interface AnswerOptions {
  /** Over how many chunks each text is spread. Default 5. */
  pieces?: number;
  /** Default `glm-4.6`. */
  model?: string;
  /** Default `stop`. */
  finishReason?: string;
}

/** An answer, the end. */
export function plainAnswer(text: string, options: AnswerOptions = {}): StreamScenario {
  return thinkingThenAnswer('', text, options);
}

/** Reasoning, then an answer, the end. */
export function thinkingThenAnswer(
  reasoning: string,
  answer: string,
  { pieces = 5, model, finishReason = 'stop' }: AnswerOptions = {},
): StreamScenario {
  const chunks = chunkMaker(model);
  const steps = [
    ...spread(reasoning, pieces, (piece) => chunks.delta({ reasoning_content: piece })),
    ...textSteps(chunks, answer, pieces),
  ];
  return { steps: [...steps, chunks.finish(finishReason), DONE] };
}

/** An answer that stops before its last piece until the gate opens. */
export function answerHeldAt(gate: Gate, before: string, after: string): StreamScenario {
  const chunks = chunkMaker();
  const first = chunks.delta({ content: before });
  const last = [chunks.delta({ content: after }), chunks.finish('stop'), DONE];
  return { steps: [first, { waitFor: gate }, ...last] };
}

/** An answer whose connection breaks in the middle, when the gate opens. */
export function brokenOff(text: string, gate: Gate): StreamScenario {
  const steps = textSteps(chunkMaker(), text, 5);
  return { steps: [...steps, { waitFor: gate }, { break: true }] };
}

/** An answer of `count` short pieces, one each `intervalMs`: cheap with thousands of streams. */
export function pacedAnswer(count: number, intervalMs: number): StreamScenario {
  const chunks = chunkMaker();
  const paced = Array.from({ length: count }, (_, index) => {
    const step = chunks.delta({ content: `word ${index + 1}, ` });
    return 'frame' in step ? step.frame : {};
  });
  return { steps: [{ paced, intervalMs }, chunks.finish('stop'), DONE] };
}

/** An answer with a web search before it, whose results come in the first chunk. */
export function searchedAnswer(
  results: readonly { title: string; link: string; content?: string }[],
  text: string,
): StreamScenario {
  const chunks = chunkMaker();
  const web_search = results.map((result, index) => ({
    icon: '',
    media: '',
    publish_date: '',
    refer: `ref_${index + 1}`,
    content: '',
    ...result,
  }));
  const found = chunks.beside({
    choices: [{ index: 0, delta: { role: 'assistant', content: '' } }],
    web_search,
  });
  return { steps: [found, ...textSteps(chunks, text, 5), chunks.finish('stop'), DONE] };
}

/** An answer whose chunks all say `finish_reason: ""` until the last, as those of some models do. */
export function emptyFinishReasons(text: string): StreamScenario {
  const { steps } = plainAnswer(text);
  return { steps: steps.map(withEmptyReason) };
}

function withEmptyReason(step: Step): Step {
  if (!('frame' in step) || !Array.isArray(step.frame.choices)) return step;
  const choices = step.frame.choices.map((choice) => ({ finish_reason: '', ...choice }));
  return { frame: { ...step.frame, choices } };
}

/** The chunks of a text. */
export function textSteps(chunks: ChunkMaker, text: string, pieces: number): Step[] {
  return spread(text, pieces, (content) => chunks.delta({ content }));
}

function spread(text: string, pieces: number, toStep: (piece: string) => Step): Step[] {
  return text === '' ? [] : splitText(text, pieces).map(toStep);
}
