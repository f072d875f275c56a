import { TAGS } from './operation.ts';
import { RESPONSE_HEADERS } from './response-headers.ts';

const DESCRIPTION = `**Keys.** A client key, or the admin key for the token pool and the statistics, goes as
\`Authorization: Bearer <key>\` or as \`x-api-key: <key>\`. With \`SKIP_AUTH\` no client key is asked for.

**Errors** have OpenAI’s shape, \`{"error": {"message", "type", "param", "code"}}\`. A path that does not exist
answers \`404\` \`unknown_url\`. A stream that fails after it has begun ends with an event that has this shape in its
data, without \`[DONE]\`.

**Bodies** are JSON, whatever \`content-type\` says, plain or packed (\`content-encoding\`: gzip, deflate, br, zstd).
Fields that are not listed here are taken too; \`null\` means “not set”.

[Examples](/docs/examples) in curl, Python and JavaScript carry this gateway’s address.`;

/** What the document says before its paths. It names no server, which means the one it came from. */
export function describeGateway(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'glm-gateway',
      version,
      summary: 'Z.ai’s GLM models for OpenAI clients.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  };
}

/** What operations refer to, beside the schemas. */
export const SHARED_COMPONENTS = {
  headers: RESPONSE_HEADERS,
  securitySchemes: {
    clientKey: { type: 'http', scheme: 'bearer', description: 'A client key.' },
    clientKeyHeader: {
      type: 'apiKey',
      in: 'header',
      name: 'x-api-key',
      description: 'A client key.',
    },
    adminKey: { type: 'http', scheme: 'bearer', description: 'The admin key.' },
    adminKeyHeader: {
      type: 'apiKey',
      in: 'header',
      name: 'x-api-key',
      description: 'The admin key.',
    },
  },
} as const;
