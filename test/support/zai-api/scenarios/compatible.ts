import type { StreamScenario } from '../../zai-web/scenario.ts';
import { splitText } from '../../zai-web/scenarios/frames.ts';
import { DONE, REPORTED_USAGE } from './chunks.ts';

/** How a server of open weights tells an answer. */
export interface CompatibleOptions {
  /** Default: none. */
  reasoning?: string;
  /** Which of the two names its reasoning has. Default `reasoning_content`. */
  reasoningField?: 'reasoning_content' | 'reasoning';
  /** Default `zai-org/GLM-4.6`. */
  model?: string;
}

/**
 * An answer as vLLM streams it: the role in a chunk of its own, the finish reason in the last one of
 * the choice, and behind it the usage without choices.
 */
export function compatibleAnswer(
  text: string,
  {
    reasoning = '',
    reasoningField = 'reasoning_content',
    model = 'zai-org/GLM-4.6',
  }: CompatibleOptions = {},
): StreamScenario {
  const shared = {
    id: 'chatcmpl-of-the-server',
    object: 'chat.completion.chunk',
    created: 1,
    model,
  };
  const choose = (delta: object, finish_reason: string | null = null) => ({
    frame: { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason }] },
  });
  const pieces = (whole: string) => (whole === '' ? [] : splitText(whole, 3));
  return {
    steps: [
      choose({ role: 'assistant', content: '' }),
      ...pieces(reasoning).map((piece) => choose({ [reasoningField]: piece })),
      ...pieces(text).map((content) => choose({ content })),
      choose({ content: '' }, 'stop'),
      { frame: { ...shared, choices: [], usage: REPORTED_USAGE } },
      DONE,
    ],
  };
}
