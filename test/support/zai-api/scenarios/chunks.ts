import { randomBytes } from 'node:crypto';
import type { Step } from '../../zai-web/scenario.ts';

/** The usage that ready-made scenarios report. */
export const REPORTED_USAGE = {
  prompt_tokens: 275,
  completion_tokens: 112,
  total_tokens: 387,
  prompt_tokens_details: { cached_tokens: 43 },
  completion_tokens_details: { reasoning_tokens: 64 },
} as const;

/** The end of a stream. */
export const DONE: Step = { raw: 'data: [DONE]\n\n' };

/** Makes the chunks of one reply, which share their id, time and model. */
export interface ChunkMaker {
  /** A piece of the reply; the role is repeated in each. */
  delta(fields: object): Step;
  /** A piece that comes without a role, as those of calls may. */
  roleless(fields: object): Step;
  /** The last chunk: the reason, an empty text and the usage (null = none). */
  finish(reason: string, usage?: object | null): Step;
  /** A chunk with fields beside `choices`. */
  beside(fields: object): Step;
}

/** Starts a reply, as recorded from the service: ids are a time in digits and hex digits. */
export function chunkMaker(model = 'glm-4.6'): ChunkMaker {
  const now = new Date();
  const digits = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const id = digits + randomBytes(8).toString('hex');
  const created = Math.floor(now.getTime() / 1000);
  const shared = { id, created, object: 'chat.completion.chunk', model };
  const choose = (choice: object): Step => ({
    frame: { ...shared, choices: [{ index: 0, ...choice }] },
  });
  return {
    delta: (fields) => choose({ delta: { role: 'assistant', ...fields } }),
    roleless: (delta) => choose({ delta }),
    finish: (finish_reason, usage = REPORTED_USAGE) => {
      const choices = [{ index: 0, finish_reason, delta: { role: 'assistant', content: '' } }];
      return { frame: { ...shared, choices, ...(usage !== null && { usage }) } };
    },
    beside: (fields) => ({ frame: { ...shared, choices: [], ...fields } }),
  };
}
