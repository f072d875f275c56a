import { describe, expect, test } from 'bun:test';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import { ALL_REPLIES } from './all-replies.ts';
import { type Conversion, convertReply } from './convert-reply.ts';
import { randomCuts, twoPieceCuts, unitCut } from './cut-pieces.ts';
import { encodeUpstream } from './encode-upstream.ts';

const RANDOM_CUTS = 20;
const SEED = 3;

/**
 * The network knows nothing of frames, so where it cuts must not show: the very same text comes out,
 * but for ids that are made up. That the text is right is told by the corpus itself.
 */
function expectSame(conversion: Conversion, uncut: Conversion) {
  // Thousands of these: the slow comparison is only for what it has to say.
  const isSame =
    conversion.output === uncut.output && Bun.deepEquals(conversion.outcome, uncut.outcome);
  if (!isSame) expect(withoutIds(conversion)).toEqual(withoutIds(uncut));
}

function withoutIds({ output, outcome }: Conversion): Conversion {
  return { output: output.replaceAll(/"id":"call_\w+"/g, '"id":"call"'), outcome };
}

describe.each(['stream', 'whole'] as const)('as a %s, wherever its bytes are cut:', (shape) => {
  test.each(ALL_REPLIES)('%s', (_, reply) => {
    const rules = { ...PLAIN_RULES, ...reply.rules };
    const convert = (pieces: Uint8Array[]) => convertReply(pieces, shape, rules, reply.wire);
    const bytes = encodeUpstream(reply.upstream, reply.wire);
    const uncut = convert([bytes]);
    for (const cut of twoPieceCuts(bytes)) expectSame(convert(cut), uncut);
    for (const cut of randomCuts(bytes, RANDOM_CUTS, SEED)) expectSame(convert(cut), uncut);
    expectSame(convert(unitCut(bytes)), uncut);
    expect(uncut.outcome).not.toBeNull();
  });
});
