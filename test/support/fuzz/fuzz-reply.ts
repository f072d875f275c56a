import fc from 'fast-check';
import type { ReplyRules } from '../../../src/convert/reply-rules.ts';
import type { UpstreamId } from '../../../src/upstream-id.ts';
import { ALL_REPLIES } from '../../corpus/all-replies.ts';
import { encodeUpstream } from '../../corpus/encode-upstream.ts';
import type { WireUnit } from '../../corpus/reply-case.ts';
import { PLAIN_RULES } from '../plain-rules.ts';
import { chunks } from './arbitrary-chunks.ts';
import { frames } from './arbitrary-frames.ts';
import { anyRules, oneIn } from './arbitrary-rules.ts';
import { mutateBytes, mutateUnits, mutations, unitMutations } from './mutations.ts';

/** A reply nobody has planned, and how it comes. */
export interface FuzzReply {
  kind: 'reply';
  wire: UpstreamId;
  upstream: Uint8Array;
  /** Where the network cuts it, each modulo its length. */
  cuts: readonly number[];
  rules: ReplyRules;
}

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const corpus = ALL_REPLIES.map(([, reply]) => reply);
const corpusCase = fc.constantFrom(...corpus);

/** A reply of the corpus, with frames and bytes of it changed, and mostly its own rules. */
const mutated: fc.Arbitrary<FuzzReply> = fc
  .record({
    reply: corpusCase,
    donor: corpusCase,
    ofUnits: unitMutations,
    ofBytes: mutations,
    rules: oneIn(3, anyRules, null),
    cuts,
  })
  .map(({ reply, donor, ofUnits, ofBytes, rules, ...input }) => {
    const units = mutateUnits(reply.upstream, donor.upstream, ofUnits);
    const { wire = 'zai-web' } = reply;
    const upstream = mutateBytes(encodeUpstream(units, wire), ofBytes);
    const own = { ...PLAIN_RULES, ...reply.rules };
    return { ...input, kind: 'reply', wire, upstream, rules: rules ?? own };
  });

/** Frames of all kinds in any order, made of what means something to the converter. */
function composed(wire: UpstreamId, frame: fc.Arbitrary<WireUnit[]>): fc.Arbitrary<FuzzReply> {
  return fc
    .record({ units: frame, ofBytes: oneIn(4, mutations, []), rules: anyRules, cuts })
    .map(({ units, ofBytes, ...input }) => {
      const upstream = mutateBytes(encodeUpstream(units, wire), ofBytes);
      return { ...input, kind: 'reply', wire, upstream };
    });
}

/** Any reply. */
export const fuzzReply: fc.Arbitrary<FuzzReply> = fc.oneof(
  mutated,
  composed('zai-web', frames),
  composed('zai-api', chunks),
);

/** The upstream's bytes as the network brings them. */
export function cutReply({ upstream, cuts: places }: FuzzReply): Uint8Array[] {
  const edges = [0, ...places.map((place) => place % (upstream.length + 1)), upstream.length];
  edges.sort((one, other) => one - other);
  return edges.slice(1).map((edge, i) => upstream.subarray(edges[i], edge));
}
