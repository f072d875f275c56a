import {
  type AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { type StructuredToolInterface, tool } from '@langchain/core/tools';
import { concat } from '@langchain/core/utils/stream';
import { ChatOpenAI } from '@langchain/openai';
import { CLIENT_KEY, type TestGateway } from '../../support/start-gateway.ts';
import { CITY_SCHEMA, LOCATE_INPUT, WEATHER_INPUT } from './city-schema.ts';
import { type CallLog, locate } from './city-tools.ts';
import { type ClientUnderTest, MODEL, QUESTION, THINKING_MODEL } from './client-under-test.ts';

/** LangChain's ChatOpenAI, on the API of chat completions. */
export const langChainClient: ClientUnderTest = {
  name: 'LangChain ChatOpenAI',
  readsReasoning: true,

  async ask(gateway, stream) {
    const reply = await replyOf(
      makeModel(gateway, THINKING_MODEL),
      [new HumanMessage(QUESTION)],
      stream,
    );
    const usage = reply.usage_metadata as UsageMetadata | undefined;
    const { reasoning_content } = reply.additional_kwargs;
    const reasoning = typeof reasoning_content === 'string' ? reasoning_content : null;
    return {
      text: reply.text,
      reasoning,
      usage: { input: usage?.input_tokens, output: usage?.output_tokens },
    };
  },

  async callTools(gateway, stream) {
    const log: CallLog = [];
    const tools = createTools(log);
    const model = makeModel(gateway, MODEL).bindTools(tools);
    const messages: BaseMessage[] = [new HumanMessage(QUESTION)];
    for (let round = 0; round < 5; round += 1) {
      const reply = await replyOf(model, messages, stream);
      const calls = reply.tool_calls ?? [];
      if (calls.length === 0) return { text: reply.text, log };
      messages.push(reply);
      for (const call of calls) {
        const called = tools.find(({ name }) => name === call.name);
        messages.push(await called?.invoke({ ...call, type: 'tool_call' }));
      }
    }
    throw new Error('the model calls without end');
  },

  askForObject: (gateway) =>
    makeModel(gateway, MODEL)
      .withStructuredOutput(CITY_SCHEMA, { name: 'city', method: 'jsonSchema' })
      .invoke(QUESTION),
};

function makeModel({ origin }: TestGateway, model: string): ChatOpenAI {
  return new ChatOpenAI({
    model,
    apiKey: CLIENT_KEY,
    maxRetries: 0,
    configuration: { baseURL: `${origin}/v1` },
  });
}

type Model = Pick<ChatOpenAI, 'invoke' | 'stream'>;

async function replyOf(model: Model, messages: BaseMessage[], stream: boolean): Promise<AIMessage> {
  if (!stream) return model.invoke(messages);
  let whole: AIMessageChunk | undefined;
  for await (const chunk of await model.stream(messages)) {
    whole = whole === undefined ? chunk : concat(whole, chunk);
  }
  if (whole === undefined) throw new Error('the stream had nothing in it');
  return whole;
}

function createTools(log: CallLog): StructuredToolInterface[] {
  return [
    tool(
      (city) => {
        log.push({ tool: 'locate', arguments: city });
        return JSON.stringify(locate(city));
      },
      { name: 'locate', description: 'Where a city is.', schema: LOCATE_INPUT },
    ),
    tool(
      (places) => {
        log.push({ tool: 'weather', arguments: places });
        return '"sunny"';
      },
      { name: 'weather', description: 'The weather of places.', schema: WEATHER_INPUT },
    ),
  ];
}
