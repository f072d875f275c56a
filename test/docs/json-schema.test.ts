import { expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { toJsonSchemas } from '../../src/docs/json-schema.ts';
import { optionalOrNull } from '../../src/openai/optional-or-null.ts';

/** A schema as the document has it, as JSON: what TypeBox adds for itself does not count. */
const write = (schema: Parameters<typeof toJsonSchemas>[0][string]) =>
  JSON.parse(JSON.stringify(toJsonSchemas({ Written: schema }).Written));

const word = (text: string) => Type.Literal(text);

test.each([
  ['a string', Type.String(), { type: 'string' }],
  ['a limit', Type.Integer({ minimum: 1 }), { type: 'integer', minimum: 1 }],
  ['or null', optionalOrNull(Type.String()), { type: ['string', 'null'] }],
  [
    'a limit, or null',
    Type.Union([Type.Number({ maximum: 2 }), Type.Null()], { description: 'Some.' }),
    { type: ['number', 'null'], maximum: 2, description: 'Some.' },
  ],
  ['words', Type.Union([word('a'), word('b')]), { type: 'string', enum: ['a', 'b'] }],
  [
    'words, or null',
    optionalOrNull(Type.Union([word('a'), word('b')])),
    { type: ['string', 'null'], enum: ['a', 'b', null] },
  ],
  ['a word, or null', optionalOrNull(word('a')), { type: ['string', 'null'], enum: ['a', null] }],
  [
    'two kinds, or null',
    optionalOrNull(Type.Union([Type.String(), Type.Array(Type.String())])),
    {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
    },
  ],
  ['or undefined', Type.Union([Type.Boolean(), Type.Undefined()]), { type: 'boolean' }],
  [
    'an open object',
    Type.Object({ a: Type.Optional(Type.String()) }, { additionalProperties: true }),
    { type: 'object', additionalProperties: true, properties: { a: { type: 'string' } } },
  ],
])('writes %s', (_what, schema, expected) => {
  expect(write(schema)).toEqual(expected);
});

test('a schema with a name is written once, and referred to wherever it is held', () => {
  const Named = Type.Object({ a: Type.String() });
  const Holder = Type.Object({ one: Named, many: Type.Array(Named), maybe: optionalOrNull(Named) });
  const { Named: named, Holder: holder } = toJsonSchemas({ Named, Holder });
  const reference = { $ref: '#/components/schemas/Named' };
  expect<unknown>([named, holder]).toEqual([
    { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
    {
      type: 'object',
      required: ['one', 'many'],
      properties: {
        one: reference,
        many: { type: 'array', items: reference },
        maybe: { anyOf: [reference, { type: 'null' }] },
      },
    },
  ]);
});
