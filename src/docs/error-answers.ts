import { InvalidClientKeyError, MethodNotAllowedError } from '../errors.ts';
import type { DocumentedError } from './documented-errors.ts';
import { type HeaderName, headerRefs } from './response-headers.ts';

/** OpenAPI's responses for errors, by status: an example for each, and the headers they bring. */
export function describeErrors(
  errors: readonly DocumentedError[],
  headers: readonly HeaderName[],
): Record<string, ReturnType<typeof describeStatus>> {
  const byStatus = Map.groupBy(errors, ({ error }) => error.status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [String(status), describeStatus(group, headers)]),
  );
}

function describeStatus(group: readonly DocumentedError[], headers: readonly HeaderName[]) {
  return {
    description: group.map(describeOne).join('\n\n'),
    headers: headerRefs([...headers, ...group.flatMap(headersOf)]),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(
          group.map(({ when, error }) => [error.code ?? error.type, exampleOf(when, error)]),
        ),
      },
    },
  };
}

function describeOne({ when, error }: DocumentedError): string {
  return error.code === null ? when : `\`${error.code}\`: ${when}`;
}

function exampleOf(when: string, error: DocumentedError['error']) {
  return { summary: when, value: error.toBody() };
}

/** As `http/error-responses` sends them. */
function headersOf({ error }: DocumentedError): HeaderName[] {
  if (error.retryAfterSeconds !== null) return ['retry-after'];
  if (error instanceof MethodNotAllowedError) return ['allow'];
  return error instanceof InvalidClientKeyError ? ['www-authenticate'] : [];
}
