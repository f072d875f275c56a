import { expect, test } from 'bun:test';
import { buildUser } from '../../../src/upstream/zai-api/request-user.ts';

test.each([
  [null, {}, {}],
  ['short', {}, { user: 'short' }],
  ['sixsix', { user_id: 'sixsix' }, { user: 'sixsix' }],
  ['x'.repeat(128), { user_id: 'x'.repeat(128) }, { user: 'x'.repeat(128) }],
  ['x'.repeat(129), {}, { user: 'x'.repeat(129) }],
])('the user %p is %j to Z.ai and %j to others', (user, zai, compatible) => {
  expect([buildUser({ user }, 'zai'), buildUser({ user }, 'openai-compatible')]).toEqual([
    zai,
    compatible,
  ]);
});
