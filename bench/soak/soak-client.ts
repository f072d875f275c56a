import { readStream } from '../../test/support/read-stream.ts';
import type { ClientHabit } from './soak-plan.ts';

/** What a request came to, in the words of the gateway's own record. */
export type Outcome = 'completed' | 'failed' | 'cancelled';

/** Where the requests go. */
export interface SoakTarget {
  origin: string;
  clientKey: string;
}

/**
 * Sends one chat and says what came of it, as a client sees it. Throws for what no client should ever
 * see: a stream that ends with neither `[DONE]` nor an error.
 */
export async function runClient(
  { origin, clientKey }: SoakTarget,
  id: string,
  habit: ClientHabit,
  leaveAfterMs: number,
): Promise<Outcome> {
  const leaving = new AbortController();
  const timer = habit === 'leaves' ? setTimeout(() => leaving.abort(), leaveAfterMs) : undefined;
  try {
    const response = await fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${clientKey}`,
        'content-type': 'application/json',
        'x-request-id': id,
      },
      body: JSON.stringify({
        stream: habit !== 'wants it whole',
        messages: [{ role: 'user', content: `hello from ${id}` }],
      }),
      signal: leaving.signal,
    });
    return judgeBody(response, await response.text());
  } catch (error) {
    if (leaving.signal.aborted) return 'cancelled';
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function judgeBody({ status, headers }: Response, body: string): Outcome {
  if (status !== 200) return 'failed';
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return 'completed';
  const { done, error } = readStream(body);
  if (done === (error !== null)) throw new Error(`a stream without an end: ${body.slice(-500)}`);
  return done ? 'completed' : 'failed';
}
