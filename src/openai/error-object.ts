import { Type } from '@sinclair/typebox';

/**
 * The body of every answer that is an error, and the data of a stream's error frame.
 *
 * Source: https://platform.openai.com/docs/guides/error-codes/api-errors
 */
export const ErrorObject = Type.Object({
  error: Type.Object({
    message: Type.String({ description: 'For people.' }),
    type: Type.Union([
      Type.Literal('invalid_request_error'),
      Type.Literal('rate_limit_error'),
      Type.Literal('server_error'),
    ]),
    param: Type.Union([Type.String(), Type.Null()], {
      description: 'The field at fault, like `messages[0].content`.',
    }),
    code: Type.Union([Type.String(), Type.Null()], { description: 'For programs.' }),
  }),
});
