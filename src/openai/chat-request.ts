import { type Static, Type } from '@sinclair/typebox';
import { ChatMessage } from './chat-message.ts';
import { FunctionChoice, FunctionDefinition, Tool, ToolChoice } from './chat-tools.ts';
import { openObject } from './open-object.ts';
import { optionalOrNull } from './optional-or-null.ts';

/** An object whose fields are the client's and the upstream's business. */
const AnyObject = openObject({});

/** Each is a stream of its own to the upstream, all on one permit. */
const MAX_CHOICES = 8;

const ResponseFormat = openObject({
  type: Type.Union([
    Type.Literal('text'),
    Type.Literal('json_object'),
    Type.Literal('json_schema'),
  ]),
  json_schema: optionalOrNull(openObject({ schema: optionalOrNull(AnyObject) })),
});

/**
 * What every answer needs, whoever gives it. `model` and `stream` have defaults in the settings.
 */
const core = {
  messages: Type.Array(ChatMessage, { minItems: 1 }),
  // Far above any name; a name is repeated in errors and logs.
  model: optionalOrNull(Type.String({ maxLength: 256 })),
  stream: optionalOrNull(Type.Boolean()),
  stream_options: optionalOrNull(openObject({ include_usage: optionalOrNull(Type.Boolean()) })),
  max_tokens: optionalOrNull(Type.Integer({ minimum: 1 })),
  max_completion_tokens: optionalOrNull(Type.Integer({ minimum: 1 })),
};

const sampling = {
  temperature: optionalOrNull(Type.Number({ minimum: 0, maximum: 2 })),
  top_p: optionalOrNull(Type.Number({ minimum: 0, maximum: 1 })),
  n: optionalOrNull(Type.Integer({ minimum: 1, maximum: MAX_CHOICES })),
  seed: optionalOrNull(Type.Integer()),
  stop: optionalOrNull(
    Type.Union([Type.String(), Type.Array(Type.String(), { title: 'list of strings' })]),
  ),
  frequency_penalty: optionalOrNull(Type.Number({ minimum: -2, maximum: 2 })),
  presence_penalty: optionalOrNull(Type.Number({ minimum: -2, maximum: 2 })),
  logit_bias: optionalOrNull(AnyObject),
  logprobs: optionalOrNull(Type.Boolean()),
  top_logprobs: optionalOrNull(Type.Integer({ minimum: 0, maximum: 20 })),
};

const tools = {
  tools: optionalOrNull(Type.Array(Tool)),
  tool_choice: optionalOrNull(ToolChoice),
  parallel_tool_calls: optionalOrNull(Type.Boolean()),
  functions: optionalOrNull(Type.Array(FunctionDefinition)),
  function_call: optionalOrNull(FunctionChoice),
};

const output = {
  reasoning_effort: optionalOrNull(Type.String()),
  response_format: optionalOrNull(ResponseFormat),
  modalities: optionalOrNull(Type.Array(Type.String())),
  audio: optionalOrNull(AnyObject),
  prediction: optionalOrNull(AnyObject),
  verbosity: optionalOrNull(Type.String()),
  web_search_options: optionalOrNull(AnyObject),
};

const bookkeeping = {
  metadata: optionalOrNull(AnyObject),
  moderation: optionalOrNull(AnyObject),
  prompt_cache_key: optionalOrNull(Type.String()),
  prompt_cache_options: optionalOrNull(AnyObject),
  prompt_cache_retention: optionalOrNull(Type.String()),
  safety_identifier: optionalOrNull(Type.String()),
  service_tier: optionalOrNull(Type.String()),
  store: optionalOrNull(Type.Boolean()),
  user: optionalOrNull(Type.String()),
};

/** Z.ai's additions: https://docs.z.ai/api-reference/llm/chat-completion */
const zai = {
  thinking: optionalOrNull(
    openObject({
      type: optionalOrNull(Type.String()),
      clear_thinking: optionalOrNull(Type.Boolean()),
    }),
  ),
  // From Z.ai's self-hosting recipes and the older gateways, not from its API.
  enable_thinking: optionalOrNull(Type.Boolean()),
  do_sample: optionalOrNull(Type.Boolean()),
  tool_stream: optionalOrNull(Type.Boolean()),
  // A switch in some clients, a description of the search in others.
  web_search: Type.Optional(Type.Unknown()),
  request_id: optionalOrNull(Type.String()),
  user_id: optionalOrNull(Type.String()),
};

/**
 * The body of `POST /v1/chat/completions`: every parameter of OpenAI's chat API (as the client
 * library 6.49 has it) and Z.ai's own. Others (`top_k`, `chat_template_kwargs`, …) pass, as does any
 * field at any depth; null means "not set". Ranges are checked where a value outside cannot work.
 *
 * That a parameter is accepted does not mean that it is honoured: see `droppedParams`.
 */
export const ChatCompletionRequest = openObject({
  ...core,
  ...sampling,
  ...tools,
  ...output,
  ...bookkeeping,
  ...zai,
});

export type ChatCompletionRequest = Static<typeof ChatCompletionRequest>;
