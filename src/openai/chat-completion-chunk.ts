import { Type } from '@sinclair/typebox';
import { FinishReason, SAID } from './reply-message.ts';
import { TokenUsage } from './token-usage.ts';

const FunctionDelta = Type.Object({
  name: Type.Optional(Type.String()),
  arguments: Type.Optional(Type.String()),
});

const ToolCallDelta = Type.Object({
  index: Type.Integer({ description: 'Which call the piece belongs to.' }),
  id: Type.Optional(Type.String({ description: 'With a call’s first piece only.' })),
  type: Type.Optional(Type.Literal('function')),
  function: FunctionDelta,
});

/**
 * One event of a stream: what has been added to the reply.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const ChatCompletionChunk = Type.Object({
  id: Type.String(),
  object: Type.Literal('chat.completion.chunk'),
  created: Type.Integer({ description: 'Unix seconds.' }),
  model: Type.String(),
  choices: Type.Array(
    Type.Object({
      index: Type.Integer(),
      delta: Type.Object({
        role: Type.Optional(Type.Literal('assistant', { description: 'In the first chunk only.' })),
        content: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        ...SAID,
        tool_calls: Type.Optional(Type.Array(ToolCallDelta)),
        function_call: Type.Optional(FunctionDelta),
      }),
      finish_reason: Type.Union([FinishReason, Type.Null()], {
        description: 'In a choice’s last chunk.',
      }),
    }),
    { description: 'Empty in the chunk that brings `usage`.' },
  ),
  usage: Type.Optional(TokenUsage),
});
