import { CHAT_ERRORS } from '../docs/documented-errors.ts';
import { operation } from '../docs/operation.ts';
import { CHAT_REPLIES, CHAT_REQUESTS, CHAT_STREAM } from './chat-examples.ts';

const SERVED = ['x-upstream', 'x-attempts', 'x-dropped-params'] as const;

const STREAM = `A stream is \`text/event-stream\`: each event’s \`data\` is a \`ChatCompletionChunk\` in JSON, the last
one’s is \`[DONE]\`. Comments (\`: keep-alive\`) come every 15 s while nothing else does. A failure before the first
words is answered with its status; after them it is an event whose data is an \`Error\`, and the stream ends without
\`[DONE]\`.`;

/** What the reference says of `POST /v1/chat/completions`. */
export const CREATE_CHAT_COMPLETION = operation({
  id: 'createChatCompletion',
  tag: 'Chat',
  summary: 'Reply to a conversation',
  description: `Every parameter of OpenAI’s chat API is taken, and some of Z.ai’s. Those that nothing here can honour
are left out, and \`x-dropped-params\` names them.\n\n${STREAM}`,
  key: 'client',
  parameters: [
    {
      name: 'x-thinking-mode',
      in: 'header',
      description: 'Where the reasoning goes. Default: `THINKING_MODE`.',
      schema: {
        type: 'string',
        enum: ['reasoning', 'think', 'thinking', 'strip', 'raw', 'details'],
      },
    },
    {
      name: 'x-request-id',
      in: 'header',
      description: 'An id for logs and the answer; visible ASCII, at most 128 characters.',
      schema: { type: 'string' },
    },
  ],
  body: { schema: 'ChatCompletionRequest', examples: CHAT_REQUESTS },
  answers: {
    200: {
      description: 'The reply: whole, or with `stream` as server-sent events.',
      headers: SERVED,
      content: {
        'application/json': { schema: 'ChatCompletion', examples: CHAT_REPLIES },
        'text/event-stream': {
          schema: 'ChatCompletionStream',
          examples: { stream: { summary: 'A streamed reply', value: CHAT_STREAM } },
        },
      },
    },
  },
  errors: CHAT_ERRORS,
  errorHeaders: SERVED,
});
