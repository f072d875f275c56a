import {
  createReplyConverter,
  type ReplyFormat,
  type ReplyOutcome,
} from '../../src/convert/reply-converter.ts';
import type { ReplyRules } from '../../src/convert/reply-rules.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';

/** All text for the client, and how the reply ended. */
export interface Conversion {
  output: string;
  outcome: ReplyOutcome | null;
}

const FORMAT = {
  completionId: 'chatcmpl-0123456789abcdef0123456789abcdef',
  created: 1_764_000_000,
  model: 'GLM-4.6',
  includeUsage: true,
  callForm: 'tool_calls',
} as const;
const PROMPT = 'Say hello to the world.';
const LIMITS = { maxFrameBytes: 256 * 1024 };

/** Converts a reply that arrives in these pieces, after which the service closes. */
export function convertReply(
  pieces: Iterable<Uint8Array>,
  shape: ReplyFormat['shape'],
  rules: ReplyRules,
  wire: UpstreamId = 'zai-web',
): Conversion {
  const converter = createReplyConverter(wire, { ...FORMAT, shape }, rules, LIMITS, () => PROMPT);
  let output = '';
  for (const piece of pieces) output += converter.feed(piece);
  output += converter.end();
  return { output, outcome: converter.outcome };
}
