import type { Scenario } from '../../zai-web/scenario.ts';
import { plainAnswer, thinkingThenAnswer } from './answers.ts';

/** The default reply: it says what it was told, after some thought when thinking is on. */
export function echoReply(request: { prompt: string; model: string; thinking: boolean }): Scenario {
  const { prompt, model } = request;
  const answer = `You said: ${prompt}`;
  if (!request.thinking) return plainAnswer(answer, { model });
  return thinkingThenAnswer('The user wants an echo.\nI shall give it.', answer, { model });
}
