import {
  BodyTooLargeError,
  type GatewayError,
  InternalError,
  InvalidClientKeyError,
  InvalidRequestError,
  MethodNotAllowedError,
  QueueFullError,
  QueueTimeoutError,
  ShuttingDownError,
  UnsupportedMediaTypeError,
} from '../errors.ts';
import { UPSTREAM_ERRORS } from './upstream-errors.ts';

/** An error that a route may answer with. */
export interface DocumentedError {
  /** When it is the answer, as a sentence. */
  when: string;
  /** One as it may be met. */
  error: GatewayError;
}

/** What every route may answer with. */
export const EVERY_ROUTE_ERRORS: readonly DocumentedError[] = [
  {
    when: 'The path has another method than the request.',
    error: new MethodNotAllowedError('PUT', '/v1/models', ['GET', 'HEAD', 'OPTIONS']),
  },
  { when: 'A defect of the gateway. Its log has the cause.', error: new InternalError(null) },
];

/** Of routes that ask for a key. */
export const KEY_ERRORS: readonly DocumentedError[] = [
  {
    when: 'No key was sent, or not a valid one.',
    error: new InvalidClientKeyError('The key that was sent is not a valid one.'),
  },
];

/** Of routes that read a body. */
export const BODY_ERRORS: readonly DocumentedError[] = [
  {
    when: 'The body is not JSON, or not UTF-8, or empty.',
    error: new InvalidRequestError('The request body is not valid JSON (line 3, column 7).'),
  },
  {
    when: 'The body is larger than `MAX_BODY_BYTES`, packed or unpacked.',
    error: new BodyTooLargeError(32 * 1024 ** 2),
  },
  {
    when: 'The body is multipart, or packed in a way that is not read here.',
    error: new UnsupportedMediaTypeError('Multipart bodies are not read here; send JSON.'),
  },
];

/** Of routes whose body has fields; `field` must be `noun`. */
export function fieldErrors(field: string, noun: string): DocumentedError[] {
  const mistakes = [
    ['A field is missing.', 'is required', 'missing_required_parameter'],
    ['A field is of the wrong type.', `must be ${noun}, not a number`, 'invalid_type'],
    ['A field has a value that is not allowed.', `must be ${noun}`, 'invalid_value'],
  ] as const;
  return mistakes.map(([when, predicate, code]) => ({
    when,
    error: new InvalidRequestError(`'${field}' ${predicate}.`, field, code),
  }));
}

/** Of the chat, whichever upstream serves it. */
export const CHAT_ERRORS: readonly DocumentedError[] = [
  ...BODY_ERRORS,
  ...fieldErrors('messages', 'a list'),
  ...UPSTREAM_ERRORS,
  {
    when: 'An image is no PNG, JPEG, GIF or WebP, or could not be fetched.',
    error: new InvalidRequestError(
      "'messages[0].content[1].image_url.url' is not a PNG, JPEG, GIF or WebP image.",
      'messages[0].content[1].image_url.url',
      'invalid_image_url',
    ),
  },
  {
    when: 'The model takes no images, or none in a message of this role.',
    error: new InvalidRequestError(
      "Images are taken in user messages only, not in one of the role 'assistant'.",
      'messages[1].content[0]',
      'unsupported_content',
    ),
  },
  {
    when: 'As many requests run and wait as `MAX_CONCURRENCY` and `MAX_QUEUE` allow.',
    error: new QueueFullError(5),
  },
  {
    when: 'The request waited for `QUEUE_TIMEOUT`, and no other ended.',
    error: new QueueTimeoutError(30_000, 5),
  },
  { when: 'The gateway takes no new requests.', error: new ShuttingDownError() },
];
