import type { DocumentDecoration } from 'elysia';
import type { SchemaName } from '../routes/documented-schemas.ts';
import { type DocumentedError, EVERY_ROUTE_ERRORS, KEY_ERRORS } from './documented-errors.ts';
import { describeErrors } from './error-answers.ts';
import { type HeaderName, headerRefs } from './response-headers.ts';

/** Where the operations stand in the reference, in its order. */
export const TAGS = {
  Chat: 'Completions, streamed or whole.',
  Models: 'What a request’s `model` can name.',
  'Token pool':
    'What the gateway serves from: tokens of chat.z.ai accounts (`zai-web`) and API keys (`zai-api`).',
  Statistics: 'What the gateway has done.',
  Log: 'What is logged, while the gateway runs.',
  Service: 'Whether the gateway is well, and what it is.',
} as const;

/** A value, and what it shows. */
export interface ExampleDocs {
  summary: string;
  value: unknown;
}

/** One form of an answer's content. */
interface ContentDocs {
  schema?: SchemaName;
  /** By a name that is part of a link. */
  examples?: Readonly<Record<string, ExampleDocs>>;
}

interface AnswerDocs {
  description: string;
  headers?: readonly HeaderName[];
  /** By media type. */
  content: Readonly<Record<string, ContentDocs>>;
}

interface ParameterDocs {
  name: string;
  in: 'header' | 'path' | 'query';
  description: string;
  /** A JSON schema. */
  schema: { type: 'string'; enum?: string[]; format?: string };
  example?: string;
}

interface BodyDocs extends ContentDocs {
  schema: SchemaName;
  description?: string;
  isOptional?: boolean;
}

/** What a reader of the reference is told of one route. */
export interface OperationDocs {
  /** The operation's name in generated clients, and in links to it. */
  id: string;
  tag: keyof typeof TAGS;
  summary: string;
  description?: string;
  /** Whose key the route asks for. */
  key: 'client' | 'admin' | null;
  parameters?: readonly ParameterDocs[];
  body?: BodyDocs;
  /** By status; what goes wrong is in `errors`. */
  answers: Readonly<Record<number, AnswerDocs>>;
  /** Beside those of the key, and those that any route may answer with. */
  errors?: readonly DocumentedError[];
  /** Headers that errors have, too. */
  errorHeaders?: readonly HeaderName[];
}

const SECURITY = {
  client: [{ clientKey: [] }, { clientKeyHeader: [] }],
  admin: [{ adminKey: [] }, { adminKeyHeader: [] }],
};

/** The `detail` of a route: an OpenAPI operation. Schemas are named, and looked up in the document. */
export function operation(docs: OperationDocs): DocumentDecoration {
  const { id, tag, summary, description = '', key, parameters = [], body } = docs;
  const errors = [...(key === null ? [] : KEY_ERRORS), ...(docs.errors ?? [])];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: key === null ? [] : SECURITY[key],
    parameters: parameters.map((parameter) => ({
      ...parameter,
      required: parameter.in === 'path',
    })),
    ...(body && { requestBody: describeBody(body) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(docs.answers).map(([status, answer]) => [status, describeAnswer(answer)]),
      ),
      ...describeErrors([...errors, ...EVERY_ROUTE_ERRORS], docs.errorHeaders ?? []),
    },
  };
}

function describeBody({ description, isOptional = false, ...content }: BodyDocs) {
  return {
    required: !isOptional,
    ...(description !== undefined && { description }),
    content: { 'application/json': describeContent(content) },
  };
}

function describeAnswer({ description, headers = [], content }: AnswerDocs) {
  return {
    description,
    headers: headerRefs(headers),
    content: Object.fromEntries(
      Object.entries(content).map(([type, docs]) => [type, describeContent(docs)]),
    ),
  };
}

function describeContent({ schema, examples }: ContentDocs) {
  return {
    ...(schema !== undefined && { schema: { $ref: `#/components/schemas/${schema}` } }),
    ...(examples !== undefined && { examples }),
  };
}
