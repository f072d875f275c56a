import { Elysia } from 'elysia';
import { UnsupportedMediaTypeError } from '../errors.ts';
import { decodeContent } from './decode-content.ts';
import { parseJson } from './parse-json.ts';
import { readBody } from './read-body.ts';

interface JsonBodyOptions {
  maxBytes: number;
  /** No body at all will do as well, and is null. Default: it is an error. */
  isOptional?: boolean;
}

/**
 * Gives the routes that use it their body as JSON, read with a limit on its bytes, packed and
 * unpacked. Any `content-type` or none will do as long as the body is JSON, since clients get it
 * wrong (curl's `-d` says it is a form), but for multipart, which is never meant as JSON.
 *
 * Comes after the plugin that checks keys: parse hooks run in the order of their plugins.
 */
export const jsonBody = ({ maxBytes, isOptional = false }: JsonBodyOptions) =>
  new Elysia({ name: 'json-body', seed: { maxBytes, isOptional } }).onParse(
    { as: 'scoped' },
    async (context) => {
      const { request } = context;
      if (/^\s*multipart\//i.test(request.headers.get('content-type') ?? '')) {
        throw new UnsupportedMediaTypeError('Multipart bodies are not read here; send JSON.');
      }
      const packed = await readBody(request, maxBytes);
      const encoding = request.headers.get('content-encoding');
      if (isOptional && packed.length === 0) return null;
      return parseJson(await decodeContent(packed, encoding, maxBytes));
    },
  );
