import { Type } from '@sinclair/typebox';
import { FinishReason, SAID } from './reply-message.ts';
import { TokenUsage } from './token-usage.ts';

const CalledFunction = Type.Object({
  name: Type.String(),
  arguments: Type.String({ description: 'JSON text, as the model wrote it.' }),
});

const ReplyMessage = Type.Object({
  role: Type.Literal('assistant'),
  content: Type.Union([Type.String(), Type.Null()], {
    description: 'null for a reply that only calls.',
  }),
  ...SAID,
  refusal: Type.Null(),
  tool_calls: Type.Optional(
    Type.Array(
      Type.Object({ id: Type.String(), type: Type.Literal('function'), function: CalledFunction }),
    ),
  ),
  function_call: Type.Optional(CalledFunction),
});

/**
 * A whole reply.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/object
 */
export const ChatCompletion = Type.Object({
  id: Type.String({ description: 'The same in every chunk of a stream.' }),
  object: Type.Literal('chat.completion'),
  created: Type.Integer({ description: 'Unix seconds.' }),
  model: Type.String(),
  choices: Type.Array(
    Type.Object({
      index: Type.Integer(),
      message: ReplyMessage,
      logprobs: Type.Null(),
      finish_reason: FinishReason,
    }),
  ),
  usage: Type.Optional(TokenUsage),
});
