import { type Static, Type } from '@sinclair/typebox';
import { openObject } from './open-object.ts';
import { optionalOrNull } from './optional-or-null.ts';

const ImageUrl = openObject({
  url: Type.String(),
  detail: optionalOrNull(Type.String()),
});

/** An earlier reply's reasoning in other vendors' words. It is not repeated, like `reasoning_content`. */
const REASONING_PARTS: readonly string[] = ['thinking', 'redacted_thinking', 'reasoning'];

/**
 * What parts may be: text, also in the words of OpenAI's Responses API, images, the assistant's own
 * refusal and reasoning. Any other (`input_audio`, `file`, what comes next) is refused: left out
 * without a word, it would get an answer about nothing. To those who read parts it is a string: each
 * looks for the types it knows.
 */
const ContentPartType = Type.Unsafe<string>(
  Type.Union(
    ['text', 'image_url', 'refusal', 'input_text', 'output_text', ...REASONING_PARTS].map((type) =>
      Type.Literal(type),
    ),
  ),
);

/** One part of a message's content. `type` says which other fields matter. */
const ContentPart = openObject({
  type: ContentPartType,
  text: optionalOrNull(Type.String()),
  refusal: optionalOrNull(Type.String()),
  // OpenAI wants the object; clients written for other vendors send the bare address.
  image_url: optionalOrNull(Type.Union([ImageUrl, Type.String()])),
});

/** Text, or parts. The title is what a client reads in an error message. */
const Content = Type.Union([Type.String(), Type.Array(ContentPart, { title: 'list of parts' })]);

const FunctionCall = openObject({
  name: Type.String(),
  /** JSON text. Null and absent are how some clients write a call without arguments. */
  arguments: optionalOrNull(Type.String()),
});

const ToolCall = openObject({
  id: optionalOrNull(Type.String()),
  type: optionalOrNull(Type.String()),
  function: optionalOrNull(FunctionCall),
});

const Role = Type.Union([
  Type.Literal('developer'),
  Type.Literal('system'),
  Type.Literal('user'),
  Type.Literal('assistant'),
  Type.Literal('tool'),
  Type.Literal('function'),
]);

/**
 * A message of any role, open at every level. One object with optional fields and not a union with
 * an object for each role: of a union a validator can only say that no member matches, and a client
 * is to be told which field is wrong. So content may be absent, null or empty in every role.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages;
 * `reasoning_content` and `reasoning` are how DeepSeek's, Z.ai's and OpenRouter's clients return an
 * earlier reply's reasoning.
 */
export const ChatMessage = openObject({
  role: Role,
  content: optionalOrNull(Content),
  name: optionalOrNull(Type.String()),
  refusal: optionalOrNull(Type.String()),
  reasoning_content: optionalOrNull(Type.String()),
  reasoning: optionalOrNull(Type.String()),
  tool_calls: optionalOrNull(Type.Array(ToolCall)),
  function_call: optionalOrNull(FunctionCall),
  tool_call_id: optionalOrNull(Type.String()),
});

export type ChatMessage = Static<typeof ChatMessage>;

/** What a part of a message's content says; `''` for images, and for reasoning, which is not repeated. */
export function textOfPart({ type, text, refusal }: Static<typeof ContentPart>): string {
  return REASONING_PARTS.includes(type) ? '' : (text ?? refusal ?? '');
}
