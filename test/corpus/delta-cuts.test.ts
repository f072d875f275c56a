import { describe, expect, test } from 'bun:test';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import { ALL_REPLIES } from './all-replies.ts';
import { actualReply, expectedReply } from './compare-replies.ts';
import { convertReply } from './convert-reply.ts';
import { randomCuts, unitCut } from './cut-pieces.ts';
import { encodeUpstream, joinDeltas, recutDeltas } from './encode-upstream.ts';
import type { ReplyCase, WireUnit } from './reply-case.ts';

const RANDOM_CUTS = 20;
const SEED = 3;

/** The reply with its deltas cut in other places, between the halves of a character too. */
function* recutUpstreams({ upstream }: ReplyCase): Generator<WireUnit[]> {
  yield recutDeltas(upstream, unitCut);
  yield joinDeltas(upstream);
  for (let seed = SEED; seed < SEED + RANDOM_CUTS; seed++) {
    let delta = 0;
    yield recutDeltas(upstream, (text) => {
      delta += 1;
      const [cut = [text]] = randomCuts(text, 1, seed * 1000 + delta);
      return cut;
    });
  }
  yield* oneCutEach(upstream);
}

/** A single cut at every place of every delta. */
function* oneCutEach(upstream: readonly WireUnit[]): Generator<WireUnit[]> {
  for (let place = 1; ; place++) {
    let passed = 0;
    let isCut = false;
    yield recutDeltas(upstream, (text) => {
      const at = place - passed;
      passed += text.length - 1;
      if (at < 1 || at >= text.length) return [text];
      isCut = true;
      return [text.slice(0, at), text.slice(at)];
    });
    if (!isCut) return;
  }
}

const recuttable = ALL_REPLIES.filter(([, reply]) => reply.recut !== false);

describe.each(['stream', 'whole'] as const)('as a %s, wherever its deltas are cut:', (shape) => {
  test.each(recuttable)('%s', (_, reply) => {
    const rules = { ...PLAIN_RULES, ...reply.rules };
    const expected = expectedReply(reply, shape);
    for (const upstream of recutUpstreams(reply)) {
      const conversion = convertReply(
        [encodeUpstream(upstream, reply.wire)],
        shape,
        rules,
        reply.wire,
      );
      const actual = actualReply(conversion, shape, reply);
      // Thousands of these: the slow comparison is only for what it has to say.
      if (!Bun.deepEquals(actual, expected))
        expect({ actual, upstream }).toEqual({ actual: expected, upstream });
    }
    expect(expected.ending).not.toBeNull();
  });
});
