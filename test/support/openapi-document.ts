import Ajv2020 from 'ajv/dist/2020';

/** An example of a media type. */
interface Example {
  summary: string;
  value: unknown;
}

interface MediaType {
  schema?: { $ref: string };
  examples?: Record<string, Example>;
}

/** What the tests look at of an answer. */
interface DocumentedAnswer {
  description: string;
  headers: Record<string, { $ref: string }>;
  content: Record<string, MediaType>;
}

/** What the tests look at of an operation. */
export interface DocumentedOperation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; description?: string }[];
  requestBody?: { required: boolean; content: Record<string, MediaType> };
  responses: Record<string, DocumentedAnswer>;
}

/** What the tests look at of `/docs/json`. */
export interface OpenApi {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, object> };
}

/** All operations, with their method and path as `GET /v1/models/{id}`. */
export function operationsOf({ paths }: OpenApi): [name: string, DocumentedOperation][] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): [string, DocumentedOperation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

/** Makes what finds faults of values by the schemas of a document; no faults: an empty list. */
export function faultFinder({ components }: OpenApi): (ref: string, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'document', components });
  return (ref, value) => {
    const validate = ajv.getSchema(`document${ref}`);
    if (validate === undefined) return [`the document has no ${ref}`];
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
