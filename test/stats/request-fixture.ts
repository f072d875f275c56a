import type { RequestRecord } from '../../src/stats/request-record.ts';

/** A completed request with everything known, but for what a test says. */
export function requestRecord(fields: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 'req-1',
    startedAt: 1_764_000_000_000,
    method: 'POST',
    path: '/v1/chat/completions',
    clientKeyId: 'key_1',
    model: 'GLM-4.6',
    modelIsPublic: true,
    upstream: 'zai-web',
    stream: true,
    status: 200,
    outcome: 'completed',
    errorCode: null,
    attempts: 1,
    failures: [],
    queueMs: 0,
    promptTokens: 10,
    completionTokens: 20,
    reasoningTokens: 5,
    cachedTokens: 0,
    firstByteMs: 100,
    durationMs: 1_000,
    clientAddress: '192.0.2.1',
    userAgent: 'OpenAI/JS 6.49.0',
    editConflicts: 0,
    story: { attempts: [], omitted: 0 },
    ...fields,
  };
}
