import { describe, expect, test } from 'bun:test';
import type { UpstreamRequest } from '../../../src/upstream/upstream-request.ts';
import { buildSampling } from '../../../src/upstream/zai-api/request-sampling.ts';
import { makeRequest } from '../zai-web/make-exchange.ts';
import { makeTools } from './make-exchange.ts';

type Case = [what: string, request: Partial<UpstreamRequest>, sent: Record<string, unknown>];

describe('Z.ai is sent', () => {
  test.each<Case>([
    ['nothing that is not set', {}, {}],
    ['values within its ranges', { temperature: 0.7, topP: 0.9 }, { temperature: 0.7, top_p: 0.9 }],
    ['the bounds of its ranges', { temperature: 1, topP: 1 }, { temperature: 1, top_p: 1 }],
    ['a temperature clamped to 1', { temperature: 1.7 }, { temperature: 1 }],
    ['a top_p clamped to 0.01', { topP: 0 }, { top_p: 0.01 }],
    ['no sampling for a temperature of 0', { temperature: 0, topP: 0.5 }, { do_sample: false }],
    ['no sampling when told so', { temperature: 0.7, doSample: false }, { do_sample: false }],
    ['no word of sampling as usual', { doSample: true }, {}],
    ['the most tokens as max_tokens', { maxTokens: 9 }, { max_tokens: 9 }],
    ['one stop', { stop: ['a', 'b', 'c'] }, { stop: ['a'] }],
    ['no stop while it thinks', { stop: ['a'], thinking: true }, {}],
    ['no stop while it may call', { stop: ['a'], tools: makeTools() }, {}],
    ['no seed and no penalties', { seed: 1, frequencyPenalty: 1, presencePenalty: 1 }, {}],
  ])('%s', (_, request, sent) => {
    expect(buildSampling(makeRequest(request), 'zai')).toEqual(sent);
  });
});

describe('another server is sent', () => {
  test.each<Case>([
    ['nothing that is not set', {}, {}],
    ["OpenAI's whole range", { temperature: 1.7 }, { temperature: 1.7 }],
    ['a temperature of 0', { temperature: 0, topP: 0 }, { temperature: 0, top_p: 0.01 }],
    ['a temperature of 0 for no sampling', { doSample: false }, { temperature: 0 }],
    ['the most tokens as max_tokens', { maxTokens: 9 }, { max_tokens: 9 }],
    ['every stop', { stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
    ['no stop while it thinks', { stop: ['a'], thinking: true }, {}],
    [
      'seed and penalties, zero included',
      { seed: 0, frequencyPenalty: 0, presencePenalty: -1 },
      { seed: 0, frequency_penalty: 0, presence_penalty: -1 },
    ],
  ])('%s', (_, request, sent) => {
    expect(buildSampling(makeRequest(request), 'openai-compatible')).toEqual(sent);
  });
});
