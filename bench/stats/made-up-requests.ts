import type { RequestRecord } from '../../src/stats/request-record.ts';

const MODELS = ['GLM-4.6', 'GLM-4.6', 'GLM-4.6', 'GLM-4.7', 'GLM-4.7', 'GLM-4.5-Air', 'GLM-5'];
const KEYS = 10;
const ERRORS = [
  { status: 429, errorCode: 'upstream_rate_limited' },
  { status: 503, errorCode: 'upstream_unavailable' },
  { status: 504, errorCode: 'upstream_first_byte_timeout' },
  { status: 404, errorCode: 'model_not_found' },
];

/**
 * Requests as a busy gateway has them: four models on two upstreams for ten client keys, of which
 * 94 % complete, 4 % fail in four ways, and 2 % are left by their clients. The same each time.
 */
export function createRequestMaker(seed = 1): (startedAt: number) => RequestRecord {
  let state = seed;
  /** A linear congruential generator, as in Numerical Recipes: quick, and good enough here. */
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]) =>
    items[Math.floor(random() * items.length)] as Item;
  let count = 0;
  return (startedAt) => {
    count += 1;
    const chance = random();
    const outcome = chance < 0.94 ? 'completed' : chance < 0.98 ? 'failed' : 'cancelled';
    const failure = pick(ERRORS);
    const firstByteMs = outcome === 'failed' ? null : 300 * Math.exp(random() * 2.5);
    const durationMs = (firstByteMs ?? 200) + 1_000 * Math.exp(random() * 3);
    const completionTokens = outcome === 'completed' ? Math.ceil(random() * 2_000) : null;
    const upstream = random() < 0.9 ? 'zai-web' : 'zai-api';
    return {
      id: `req_${Math.floor(random() * 2 ** 32).toString(16)}${count.toString(16).padStart(24, '0')}`,
      startedAt,
      method: 'POST',
      path: '/v1/chat/completions',
      clientKeyId: `key_${Math.floor(random() * KEYS)}`,
      model: pick(MODELS),
      modelIsPublic: true,
      upstream,
      stream: random() < 0.8,
      ...(outcome === 'failed' ? failure : { status: 200, errorCode: null }),
      ...(outcome === 'cancelled' && { status: 499, errorCode: 'client_left' }),
      outcome,
      attempts: 1,
      failures: outcome === 'failed' ? [`${upstream}:unavailable`] : [],
      queueMs: 0,
      promptTokens: completionTokens === null ? null : Math.ceil(random() * 8_000),
      completionTokens,
      reasoningTokens: completionTokens === null ? null : Math.floor(completionTokens / 3),
      cachedTokens: null,
      firstByteMs,
      durationMs,
      clientAddress: `192.0.2.${Math.floor(random() * 256)}`,
      userAgent: 'OpenAI/JS 6.49.0',
      editConflicts: 0,
      story: {
        omitted: 0,
        attempts: [
          {
            number: 1,
            upstream,
            credentialId: '3f9a1c0b5d7e2846',
            state: outcome,
            leaseMs: 0,
            startedAtMs: 3,
            preparedAtMs: 4,
            firstByteAtMs: firstByteMs,
            endedAtMs: durationMs,
            failure: null,
          },
        ],
      },
    };
  };
}
