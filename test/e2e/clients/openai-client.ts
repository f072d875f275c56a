import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { ParsingToolFunction } from 'openai/lib/RunnableFunction';
import { CITY_SCHEMA } from './city-schema.ts';
import { type CallLog, LOCATE_SCHEMA, locate, WEATHER_SCHEMA } from './city-tools.ts';
import { type ClientUnderTest, MODEL, QUESTION, THINKING_MODEL } from './client-under-test.ts';

type Message = OpenAI.ChatCompletionMessage & { reasoning_content?: string };
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string };

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }];

/** The official client. */
export const openAiClient: ClientUnderTest = {
  name: 'openai',
  readsReasoning: true,

  async ask({ openai }, stream) {
    const request = { model: THINKING_MODEL, messages };
    if (!stream) {
      const { choices, usage } = await openai.chat.completions.create(request);
      const message: Message | undefined = choices[0]?.message;
      return {
        text: message?.content ?? '',
        reasoning: message?.reasoning_content ?? null,
        usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
      };
    }
    const chunks = await openai.chat.completions.create({
      ...request,
      stream,
      stream_options: { include_usage: true },
    });
    let text = '';
    let reasoning = '';
    let usage: OpenAI.CompletionUsage | undefined;
    for await (const chunk of chunks) {
      const delta: Delta | undefined = chunk.choices[0]?.delta;
      text += delta?.content ?? '';
      reasoning += delta?.reasoning_content ?? '';
      usage = chunk.usage ?? usage;
    }
    return {
      text,
      reasoning,
      usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
    };
  },

  async callTools({ openai }, stream) {
    const log: CallLog = [];
    const request = { model: MODEL, messages, tools: createOpenAiTools(log) };
    const { completions } = openai.chat;
    const runner = stream
      ? completions.runTools({ ...request, stream })
      : completions.runTools({ ...request, stream });
    return { text: (await runner.finalContent()) ?? '', log };
  },

  async askForObject({ openai }) {
    const { choices } = await openai.chat.completions.parse({
      model: MODEL,
      messages,
      response_format: zodResponseFormat(CITY_SCHEMA, 'city'),
    });
    return choices[0]?.message.parsed;
  },
};

/** The city tools, as the official client has tools. */
export function createOpenAiTools(log: CallLog) {
  return [
    new ParsingToolFunction({
      name: 'locate',
      description: 'Where a city is.',
      parameters: LOCATE_SCHEMA,
      parse: JSON.parse,
      function: (city: { city: string }) => {
        log.push({ tool: 'locate', arguments: city });
        return locate(city);
      },
    }),
    new ParsingToolFunction({
      name: 'weather',
      description: 'The weather of places.',
      parameters: WEATHER_SCHEMA,
      parse: JSON.parse,
      function: (places: object) => {
        log.push({ tool: 'weather', arguments: places });
        return '"sunny"';
      },
    }),
  ];
}
