/**
 * Where reasoning goes. `r1`, `a1`, `r2`, `a2` are the rounds of a reply that thinks twice; a round
 * that has only one of the two is written the same way without the other.
 *
 * | mode | `content` | `reasoning_content` |
 * | --- | --- | --- |
 * | `reasoning` | `a1a2` | `r1r2` |
 * | `think` | `<think>r1</think>a1<think>r2</think>a2` | |
 * | `thinking` | `<thinking>r1</thinking>a1<thinking>r2</thinking>a2` | |
 * | `details` | a block that Markdown viewers fold, see below | |
 * | `strip` | `a1a2` | |
 * | `raw` | the message as the service writes it, reasoning in its own markup | |
 *
 * Nothing is put between tags and text, and no white space is taken from either, but in `details`:
 *
 *     <details>\n<summary>Thinking</summary>\n\n r1 \n\n</details>\n\n a1
 *
 * without the spaces, and with a blank line before each further block.
 *
 * In `raw`, tool blocks are hidden too, and edits are of the whole message. One thing is not as the
 * service has it in the end: a reasoning block keeps the opening tag and the summary that it came with
 * (`done="false"`, "Thinking…"), since a stream could only take them back by repeating all reasoning.
 *
 * An OpenAI-compatible service writes reasoning into a field of its own, so from there `raw` is the
 * same as `reasoning`. One that leaves its model's `<think>` tags in the text is read like the others,
 * and in `raw` left as it is.
 */
export type ThinkingMode = 'reasoning' | 'think' | 'thinking' | 'details' | 'strip' | 'raw';

/** A function the model may call. */
export interface ToolDefinition {
  name: string;
  description: string | null;
  /** JSON schema of the arguments; null when the client gave none. */
  parameters: Record<string, unknown> | null;
}

/** `auto`: as the model likes. `required`: at least one call. A name: a call of that function. */
export type ToolChoice = 'auto' | 'required' | { name: string };

/** What a reply may do with tools. */
export interface ToolRules {
  tools: readonly ToolDefinition[];
  choice: ToolChoice;
  /** Whether more than one call is wanted; else the first is kept. */
  parallel: boolean;
  /** How many UTF-16 units of text may be held back until it is recognized as a call. */
  scanLimit: number;
}

/** JSON instead of prose (`response_format`). `schema` null = any JSON object. */
export interface JsonRules {
  schema: Record<string, unknown> | null;
}

/** What a request asks of its reply, beyond what the upstream was told. Flat: it crosses threads. */
export interface ReplyRules {
  thinking: ThinkingMode;
  /** null when the request has no tools: then nothing is looked for. */
  tools: ToolRules | null;
  /** The reply ends before the first of these. */
  stop: readonly string[];
  /** The most model tokens a reply may have; null = no limit. */
  maxTokens: number | null;
  json: JsonRules | null;
  /** Whether the reply may cite search results. */
  search: boolean;
}
