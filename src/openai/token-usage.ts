import { Type } from '@sinclair/typebox';

/**
 * What a reply cost, as clients are told.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/object#chat-object-usage
 */
export const TokenUsage = Type.Object({
  prompt_tokens: Type.Integer(),
  completion_tokens: Type.Integer({ description: 'Those of the reasoning are among them.' }),
  total_tokens: Type.Integer(),
  prompt_tokens_details: Type.Optional(Type.Object({ cached_tokens: Type.Integer() })),
  completion_tokens_details: Type.Optional(Type.Object({ reasoning_tokens: Type.Integer() })),
  estimated: Type.Optional(
    Type.Literal(true, {
      description:
        'The upstream gave no numbers, and these are the gateway’s estimate. OpenAI has no such field.',
    }),
  ),
});
