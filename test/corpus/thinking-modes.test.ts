import { describe, expect, test } from 'bun:test';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import { ALL_REPLIES } from './all-replies.ts';
import { actualReply, expectedReply } from './compare-replies.ts';
import { convertReply } from './convert-reply.ts';
import { encodeUpstream } from './encode-upstream.ts';
import { caseInMode } from './thinking-markup.ts';

const MODES = ['think', 'thinking', 'details', 'strip'] as const;

/** In text, reasoning moves the places of citations, and is cited itself; others have their mode. */
const comparable = ALL_REPLIES.filter(
  ([, { rules }]) => !rules?.search && rules?.thinking === undefined,
);

describe.each(MODES)('in mode %s, reasoning is where it belongs:', (mode) => {
  test.each(comparable)('%s', (_, reply) => {
    const expected = caseInMode(mode, reply);
    const rules = { ...PLAIN_RULES, ...expected.rules };
    for (const shape of ['stream', 'whole'] as const) {
      const bytes = encodeUpstream(reply.upstream, reply.wire);
      const conversion = convertReply([bytes], shape, rules, reply.wire);
      expect(actualReply(conversion, shape, expected)).toEqual(expectedReply(expected, shape));
    }
  });
});
