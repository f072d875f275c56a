import { Type } from '@sinclair/typebox';

/** Why a reply ended; `function_call` in answer to the older `functions`. */
export const FinishReason = Type.Union(
  ['stop', 'length', 'tool_calls', 'function_call', 'content_filter'].map((reason) =>
    Type.Literal(reason),
  ),
);

/** A link in `content`, and the page it leads to. */
const UrlCitation = Type.Object({
  type: Type.Literal('url_citation'),
  url_citation: Type.Object({
    url: Type.String(),
    title: Type.String(),
    start_index: Type.Integer({ description: 'In UTF-16 units of `content`.' }),
    end_index: Type.Integer(),
  }),
});

/** What a message says beside its calls, in a whole reply or piece by piece. */
export const SAID = {
  reasoning_content: Type.Optional(
    Type.String({
      description:
        'What the model thought before it answered. Not OpenAI’s: clients of reasoning models read it. ' +
        'Other thinking modes put it elsewhere.',
    }),
  ),
  annotations: Type.Optional(
    Type.Array(UrlCitation, { description: 'After a web search: the links in `content`.' }),
  ),
};
