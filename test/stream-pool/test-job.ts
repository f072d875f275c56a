import type { ReplyFormat } from '../../src/convert/reply-converter.ts';
import type { StreamClocks, StreamJob } from '../../src/stream-pool/protocol.ts';
import { readUserId } from '../../src/upstream/zai-web/token-claims.ts';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import type { ZaiWebSimulator } from '../support/zai-web/simulator.ts';
import { makeRequest } from '../upstream/zai-web/make-exchange.ts';

export interface TestJobOptions {
  prompt?: string;
  shape?: ReplyFormat['shape'];
  clocks?: Partial<StreamClocks>;
}

/** A job that the simulator accepts, on a new account. */
export function createTestJob(
  simulator: ZaiWebSimulator,
  { prompt = 'hello', shape = 'stream', clocks = {} }: TestJobOptions = {},
): StreamJob {
  const secret = simulator.addAccount();
  return {
    exchange: {
      upstream: 'zai-web',
      completionsUrl: simulator.completionsUrl,
      signingSecret: 'key-@@@@)))()((9))-xxxx&&&%%%%%',
      feVersion: simulator.feVersion,
      userAgent: 'Mozilla/5.0 (X11; Linux x64) test',
      proxyUrl: null,
      credential: { secret, userId: readUserId(secret) ?? '' },
      model: { upstreamId: 'GLM-4-6-API-V1', needsCreatedChat: false, mcpServers: [] },
      request: makeRequest({ messages: [{ role: 'user', content: prompt }] }),
      images: [],
    },
    format: {
      shape,
      completionId: 'chatcmpl-test',
      created: 1_795_000_000,
      model: 'GLM-4.6',
      includeUsage: false,
      callForm: 'tool_calls',
    },
    rules: PLAIN_RULES,
    clocks: {
      connectMs: 60_000,
      firstByteMs: 60_000,
      idleMs: 60_000,
      totalMs: 60_000,
      ...clocks,
    },
    maxFrameBytes: 4 * 1024 * 1024,
  };
}
