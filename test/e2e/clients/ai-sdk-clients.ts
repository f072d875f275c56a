import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import { CLIENT_KEY, type TestGateway } from '../../support/start-gateway.ts';
import { CITY_SCHEMA, LOCATE_INPUT, WEATHER_INPUT } from './city-schema.ts';
import { type CallLog, locate } from './city-tools.ts';
import { type ClientUnderTest, MODEL, QUESTION, THINKING_MODEL } from './client-under-test.ts';

type ModelMaker = (gateway: TestGateway, name: string) => LanguageModel;

const compatible: ModelMaker = ({ origin }, name) => {
  const options = { name: 'gateway', baseURL: `${origin}/v1`, apiKey: CLIENT_KEY };
  const features = { includeUsage: true, supportsStructuredOutputs: true };
  return createOpenAICompatible({ ...options, ...features }).chatModel(name);
};

const openAiChat: ModelMaker = ({ origin }, name) =>
  createOpenAI({ baseURL: `${origin}/v1`, apiKey: CLIENT_KEY }).chat(name);

/** The AI SDK, with either of the providers that speak this dialect. */
export const aiSdkClients: readonly ClientUnderTest[] = [
  aiSdkClient('@ai-sdk/openai-compatible', compatible, true),
  aiSdkClient('@ai-sdk/openai, .chat()', openAiChat, false),
];

function aiSdkClient(
  name: string,
  makeModel: ModelMaker,
  readsReasoning: boolean,
): ClientUnderTest {
  return {
    name,
    readsReasoning,

    async ask(gateway, stream) {
      const model = makeModel(gateway, THINKING_MODEL);
      const run = stream ? streamText : generateText;
      const result = await run({ model, prompt: QUESTION, maxRetries: 0 });
      const { inputTokens: input, outputTokens: output } = await result.usage;
      const reasoning = (await result.reasoningText) ?? null;
      return { text: await result.text, reasoning, usage: { input, output } };
    },

    async callTools(gateway, stream) {
      const log: CallLog = [];
      const run = stream ? streamText : generateText;
      const result = await run({
        model: makeModel(gateway, MODEL),
        tools: createAiSdkTools(log),
        stopWhen: stepCountIs(5),
        prompt: QUESTION,
        maxRetries: 0,
      });
      return { text: await result.text, log };
    },

    async askForObject(gateway) {
      const { output } = await generateText({
        model: makeModel(gateway, MODEL),
        output: Output.object({ schema: CITY_SCHEMA }),
        prompt: QUESTION,
        maxRetries: 0,
      });
      return output;
    },
  };
}

/** The city tools, as the AI SDK has tools. */
export function createAiSdkTools(log: CallLog) {
  return {
    locate: tool({
      description: 'Where a city is.',
      inputSchema: LOCATE_INPUT,
      execute: (city) => {
        log.push({ tool: 'locate', arguments: city });
        return locate(city);
      },
    }),
    weather: tool({
      description: 'The weather of places.',
      inputSchema: WEATHER_INPUT,
      execute: (places) => {
        log.push({ tool: 'weather', arguments: places });
        return '"sunny"';
      },
    }),
  };
}
