import type { ChatCompletionRequest } from '../openai/chat-request.ts';

/** Of parameters that no upstream is known to take. */
const LEFT_OUT = 'Left out, and named by `x-dropped-params`.';
const API_ONLY = 'Sent on to `zai-api` only, and there not to every server.';

/** What becomes of each parameter of a chat request, for the reference. */
export const CHAT_PARAMETERS: Readonly<Record<keyof ChatCompletionRequest, string>> = {
  messages: 'The conversation: all roles, content as text or as parts.',
  model: 'A name that `GET /v1/models` lists, in any case, or an alias. Default: `DEFAULT_MODEL`.',
  stream:
    'Whether the reply comes piece by piece, as server-sent events. Default: `DEFAULT_STREAM`.',
  stream_options: '`include_usage` brings a last chunk with `usage` and empty `choices`.',
  max_tokens: 'The most tokens of a reply. `max_completion_tokens` wins over it.',
  max_completion_tokens: 'The most tokens of a reply.',
  temperature: 'Sent on.',
  top_p: 'Sent on.',
  n: 'How many replies are wanted; each is a stream of its own to the upstream.',
  seed: API_ONLY,
  stop: 'Up to four texts; the reply ends before the first of them.',
  frequency_penalty: API_ONLY,
  presence_penalty: API_ONLY,
  logit_bias: LEFT_OUT,
  logprobs: LEFT_OUT,
  top_logprobs: LEFT_OUT,
  tools: 'Functions that the model may call. One of the type `web_search` switches the search on.',
  tool_choice: 'Whether it may, must or must not call one, or which.',
  parallel_tool_calls: '`false` keeps the first call only.',
  functions: 'The older form of `tools`; the call comes in that form, too.',
  function_call: 'The older form of `tool_choice`.',
  reasoning_effort: '`none` and `minimal`: the model does not think; any other value: it does.',
  response_format:
    'JSON, checked against the schema if there is one. Such a reply comes in one piece.',
  modalities: `Text is all there is; others are ${LEFT_OUT.toLowerCase()}`,
  audio: LEFT_OUT,
  prediction: LEFT_OUT,
  verbosity: LEFT_OUT,
  web_search_options: 'Switches the web search on; the options change nothing.',
  metadata: LEFT_OUT,
  moderation: LEFT_OUT,
  prompt_cache_key: LEFT_OUT,
  prompt_cache_options: LEFT_OUT,
  prompt_cache_retention: LEFT_OUT,
  safety_identifier: LEFT_OUT,
  service_tier: LEFT_OUT,
  store: LEFT_OUT,
  user: API_ONLY,
  thinking: '`type`: `enabled` or `disabled`. Z.ai’s way to say whether the model thinks.',
  enable_thinking: 'Whether the model thinks. Wins over `thinking` and `reasoning_effort`.',
  do_sample: API_ONLY,
  tool_stream: 'Calls are streamed in any case.',
  web_search: 'Whether to search the web: a switch, or an object whose `enable` is one.',
  request_id: LEFT_OUT,
  user_id: API_ONLY,
};
