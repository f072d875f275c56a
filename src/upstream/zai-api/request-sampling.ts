import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';

/** Z.ai and vLLM take no `top_p` of 0. */
const MIN_TOP_P = 0.01;

/** How the reply's tokens are chosen, and how many there may be. */
export function buildSampling(
  request: UpstreamRequest,
  dialect: ApiDialect,
): Record<string, unknown> {
  const { maxTokens } = request;
  return {
    ...(dialect === 'zai' ? zaiSampling(request) : compatibleSampling(request)),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
    ...buildStop(request, dialect),
  };
}

/**
 * Z.ai's temperature ends at 1, where OpenAI's goes to 2. It takes none of 0 either: without sampling
 * it always chooses the likeliest token, and temperature and `top_p` have no meaning.
 */
function zaiSampling({ temperature, topP, doSample }: UpstreamRequest): Record<string, unknown> {
  if (temperature === 0 || doSample === false) return { do_sample: false };
  return {
    ...(temperature !== null && { temperature: Math.min(temperature, 1) }),
    ...(topP !== null && { top_p: Math.max(topP, MIN_TOP_P) }),
  };
}

function compatibleSampling(request: UpstreamRequest): Record<string, unknown> {
  const { topP, seed, frequencyPenalty, presencePenalty } = request;
  const temperature = request.doSample === false ? 0 : request.temperature;
  return {
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: Math.max(topP, MIN_TOP_P) }),
    ...(seed !== null && { seed }),
    ...(frequencyPenalty !== null && { frequency_penalty: frequencyPenalty }),
    ...(presencePenalty !== null && { presence_penalty: presencePenalty }),
  };
}

/**
 * The gateway cuts the reply's text at each of the sequences, so that one here saves tokens only. A
 * server looks for it in all that the model writes: in reasoning and calls, where it must end nothing.
 */
function buildStop(
  { stop, thinking, tools }: UpstreamRequest,
  dialect: ApiDialect,
): Record<string, unknown> {
  if (stop.length === 0 || thinking || tools !== null) return {};
  return { stop: dialect === 'zai' ? stop.slice(0, 1) : stop };
}
