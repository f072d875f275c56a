import { describe, expect, test } from 'bun:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, streamText } from 'ai';
import { CLIENT_KEY, type TestGateway } from '../../support/start-gateway.ts';
import { withGateway } from '../../support/with-gateway.ts';
import { createAiSdkTools } from './ai-sdk-clients.ts';
import { type CallLog, cityModel, EXPECTED_CALLS, FINAL_ANSWER, TOOL_WAYS } from './city-tools.ts';

function model({ origin }: TestGateway, name: string) {
  const provider = createOpenAICompatible({
    name: 'gateway',
    baseURL: `${origin}/v1`,
    apiKey: CLIENT_KEY,
    includeUsage: true,
  });
  return provider.chatModel(name);
}

describe.each(TOOL_WAYS)('with tools in mode %s, answered as %s,', (TOOL_MODE, style) => {
  test.each([
    ['streamText', streamText],
    ['generateText', generateText],
  ] as const)('%s of the AI SDK comes to its end', (_, run) =>
    withGateway({ env: { TOOL_MODE }, script: cityModel(style) }, async ({ gateway }) => {
      const log: CallLog = [];
      const result = await run({
        model: model(gateway, 'GLM-4.6'),
        tools: createAiSdkTools(log),
        stopWhen: stepCountIs(5),
        prompt: 'How is the weather in Paris and Rome?',
        maxRetries: 0,
      });
      const steps = await result.steps;
      expect({
        text: await result.text,
        log,
        reasons: steps.map(({ finishReason }) => finishReason),
        calls: steps.map(({ toolCalls }) => toolCalls.length),
      }).toEqual({
        text: FINAL_ANSWER,
        log: EXPECTED_CALLS,
        reasons: ['tool-calls', 'tool-calls', 'stop'],
        calls: [2, 1, 0],
      });
    }),
  );
});
