import { describe, expect, test } from 'bun:test';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import { ALL_REPLIES } from './all-replies.ts';
import { actualReply, expectedReply } from './compare-replies.ts';
import { convertReply } from './convert-reply.ts';
import { encodeUpstream } from './encode-upstream.ts';

test('the corpus has at least 80 cases, each of another name', () => {
  const titles = new Set(ALL_REPLIES.map(([title]) => title));
  expect(titles.size).toBe(ALL_REPLIES.length);
  expect(titles.size).toBeGreaterThanOrEqual(80);
});

describe.each(['stream', 'whole'] as const)('as a %s, a reply arrives right:', (shape) => {
  test.each(ALL_REPLIES)('%s', (_, reply) => {
    const rules = { ...PLAIN_RULES, ...reply.rules };
    const bytes = encodeUpstream(reply.upstream, reply.wire);
    const conversion = convertReply([bytes], shape, rules, reply.wire);
    expect(actualReply(conversion, shape, reply)).toEqual(expectedReply(reply, shape));
  });
});
