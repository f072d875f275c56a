import { expect, test } from 'bun:test';
import packageJson from '../../../package.json' with { type: 'json' };
import { apiHeaders } from '../../../src/upstream/zai-api/api-headers.ts';

const ALWAYS = {
  'Accept-Language': 'en-US,en',
  'User-Agent': `glm-gateway/${packageJson.version}`,
};

test.each([
  ['with a key', 'key-1', { ...ALWAYS, Authorization: 'Bearer key-1' }],
  ['without one', '', ALWAYS],
])('a call %s says who calls', (_, secret, headers) => {
  expect(apiHeaders(secret)).toEqual(headers);
});
