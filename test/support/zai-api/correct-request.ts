import type { ZaiApiSimulator } from './simulator.ts';

/** A completion before it is sent. What a test sets undefined is left out. */
export interface CompletionDraft {
  url: string;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

/** A request that nothing is wrong with, on a new key, made apart from the simulator's idea of one. */
export function draftCompletion(simulator: ZaiApiSimulator, prompt = 'hello'): CompletionDraft {
  return {
    url: `${simulator.baseUrl}/chat/completions`,
    headers: {
      authorization: `Bearer ${simulator.addKey()}`,
      'content-type': 'application/json',
    },
    body: { model: 'glm-4.6', stream: true, messages: [{ role: 'user', content: prompt }] },
  };
}

/** Sends a draft as it is. */
export function sendDraft(draft: CompletionDraft, signal?: AbortSignal): Promise<Response> {
  const headers = Object.entries(draft.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const body = JSON.stringify(draft.body);
  return fetch(draft.url, { method: 'POST', headers, body, signal: signal ?? null });
}
