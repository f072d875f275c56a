import { describe, expect, test } from 'bun:test';
import type { JsonRules } from '../../../src/convert/reply-rules.ts';
import type { ApiDialect } from '../../../src/upstream/upstream-request.ts';
import { bodyOf, makeTools } from './make-exchange.ts';

const SCHEMA = { type: 'object', required: ['a'] };
const ANY = { schema: null };

function asked(json: JsonRules | null, dialect: ApiDialect, tools = false) {
  const body = bodyOf({ json, tools: tools ? makeTools() : null }, dialect);
  const [message] = body.messages as { content: string }[];
  const instructions = message?.content.replace('hello', '').trim();
  return { format: body.response_format, instructions };
}

describe('Z.ai', () => {
  test('is asked for any JSON object by the format alone', () => {
    expect(asked(ANY, 'zai')).toEqual({ format: { type: 'json_object' }, instructions: '' });
  });

  test('is asked for JSON of a schema by the format, and told the schema', () => {
    expect(asked({ schema: SCHEMA }, 'zai')).toEqual({
      format: { type: 'json_object' },
      instructions: expect.stringMatching(/^<instructions>\nReply with[\s\S]+"required":\["a"\]/),
    });
  });
});

describe('another server', () => {
  test.each<[string, JsonRules, object]>([
    ['any JSON object', ANY, { type: 'json_object' }],
    [
      'JSON of a schema',
      { schema: SCHEMA },
      { type: 'json_schema', json_schema: { name: 'reply', schema: SCHEMA } },
    ],
  ])('is asked for %s by the format alone', (_, json, format) => {
    expect(asked(json, 'openai-compatible')).toEqual({ format, instructions: '' });
  });
});

describe.each(['zai', 'openai-compatible'] as const)('in the dialect %s', (dialect) => {
  test.each([ANY, { schema: SCHEMA }])('beside functions the prompt alone asks for %j', (json) => {
    expect(asked(json, dialect, true)).toEqual({
      format: undefined,
      instructions: expect.stringContaining('Unless you call a function, reply with one JSON'),
    });
  });

  test('prose needs neither', () => {
    expect(asked(null, dialect)).toEqual({ format: undefined, instructions: '' });
  });
});
