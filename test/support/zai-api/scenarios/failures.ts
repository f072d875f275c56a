import { jsonAnswer } from '../../zai-web/answers.ts';
import type { StatusScenario, StreamScenario } from '../../zai-web/scenario.ts';
import { type ApiErrorCode, type ErrorDetails, errorAnswer, errorBody } from '../answers.ts';
import { textSteps } from './answers.ts';
import { chunkMaker, DONE, REPORTED_USAGE } from './chunks.ts';

/** An HTTP error, with the status that its code comes with. */
export function apiError(code: ApiErrorCode, details: ErrorDetails = {}): StatusScenario {
  return { answer: errorAnswer(code, details) };
}

/** A 200 of JSON, not a stream, that holds an error. */
export function errorInside200(code: ApiErrorCode): StatusScenario {
  return { answer: jsonAnswer(errorBody(code)) };
}

/** A 200 stream with an error in it, after so much of an answer. */
export function errorInStream(code: ApiErrorCode, text = ''): StreamScenario {
  const before = text === '' ? [] : textSteps(chunkMaker(), text, 3);
  return { steps: [...before, { raw: `data: ${JSON.stringify(errorBody(code))}\n\n` }, DONE] };
}

/** An answer that the service gives up, as its finish reason says. */
export function networkError(text: string): StreamScenario {
  return endedBy('network_error', text);
}

/** An answer that the service's filter ends. */
export function sensitiveAnswer(text: string): StreamScenario {
  return endedBy('sensitive', text);
}

/** A completion in one piece, from a server that does not stream. */
export function wholeCompletion(text: string): StatusScenario {
  const message = { role: 'assistant', content: text };
  const choices = [{ index: 0, finish_reason: 'stop', message }];
  const body = { id: '1', object: 'chat.completion', choices, usage: REPORTED_USAGE };
  return { answer: jsonAnswer(body) };
}

function endedBy(reason: string, text: string): StreamScenario {
  const chunks = chunkMaker();
  return { steps: [...textSteps(chunks, text, 3), chunks.finish(reason), DONE] };
}
