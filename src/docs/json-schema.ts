import type { TSchema } from '@sinclair/typebox';
import { isRecord } from '../lib/is-record.ts';

/** A JSON schema as OpenAPI 3.1 has it (https://spec.openapis.org/oas/v3.1.1#schema-object). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** TypeBox schemas that have a place of their own in the document, by name. */
export type NamedSchemas = Readonly<Record<string, TSchema>>;

/**
 * Writes TypeBox schemas as the JSON schemas of a document. What they accept stays the same, but for
 * `undefined`, which JSON does not have; what changes is how they read: a schema with a name becomes
 * a reference wherever another holds it, a choice of words one `enum`, and "or null" a second type.
 */
export function toJsonSchemas(schemas: NamedSchemas): Record<string, JsonSchema> {
  const names = new Map<unknown, string>(
    Object.entries(schemas).map(([name, schema]) => [schema, name]),
  );

  function write(value: unknown): unknown {
    const name = names.get(value);
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
    return writeContent(value);
  }

  function writeContent(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(write);
    if (!isRecord(value)) return value;
    // TypeBox's own marks have symbols for keys, and stay behind.
    const written = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, write(inner)]),
    );
    return Array.isArray(written.anyOf) ? writeChoice(written, written.anyOf) : written;
  }

  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, writeContent(schema) as JsonSchema]),
  );
}

function writeChoice(schema: JsonSchema, members: readonly JsonSchema[]): JsonSchema {
  const { anyOf: _members, ...annotations } = schema;
  const all = members
    .flatMap((member) => (isBareChoice(member) ? member.anyOf : [member]))
    .filter(({ type }) => type !== 'undefined');
  const isNullable = all.some(({ type }) => type === 'null');
  const choices = mergeWords(all.filter(({ type }) => type !== 'null'));
  const [only, ...others] = choices;
  if (only !== undefined && others.length === 0 && typeof only.type === 'string') {
    return { ...(isNullable ? orNull(only) : only), ...annotations };
  }
  return { anyOf: isNullable ? [...choices, { type: 'null' }] : choices, ...annotations };
}

function isBareChoice(schema: JsonSchema): schema is { anyOf: JsonSchema[] } {
  return Array.isArray(schema.anyOf) && Object.keys(schema).length === 1;
}

/** Constants that say no more than their value, as one `enum`. */
function mergeWords(choices: readonly JsonSchema[]): JsonSchema[] {
  const words = choices.filter(isBareWord);
  const others = choices.filter((choice) => !isBareWord(choice));
  return words.length < 2
    ? [...choices]
    : [{ type: 'string', enum: words.map((word) => word.const) }, ...others];
}

function isBareWord(schema: JsonSchema): boolean {
  return typeof schema.const === 'string' && Object.keys(schema).length === 2;
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, const: only, enum: words, ...rest } = schema;
  const allowed = Array.isArray(words) ? words : only === undefined ? null : [only];
  return {
    type: [type, 'null'],
    ...(allowed !== null && { enum: [...allowed, null] }),
    ...rest,
  };
}
