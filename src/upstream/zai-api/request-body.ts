import type { ApiExchange } from '../upstream-request.ts';
import { buildMessages } from './build-messages.ts';
import { buildFormat } from './request-format.ts';
import { buildSampling } from './request-sampling.ts';
import { buildThinking } from './request-thinking.ts';
import { buildTools } from './request-tools.ts';
import { buildUser } from './request-user.ts';

/**
 * The body of a completion: what the client asked for, in the words of the base URL's dialect. What
 * the client did not set stays away, and so the server's own defaults count. It is always streamed.
 */
export function buildBody({ model, request }: ApiExchange): Record<string, unknown> {
  const { dialect } = model;
  const messages = buildMessages(request, dialect);
  return {
    model: model.upstreamId,
    messages,
    stream: true,
    // Z.ai reports usage unasked.
    ...(dialect === 'openai-compatible' && { stream_options: { include_usage: true } }),
    ...buildSampling(request, dialect),
    ...buildThinking(request, messages, dialect),
    ...buildTools(request, model),
    ...buildFormat(request, dialect),
    ...buildUser(request, dialect),
  };
}
