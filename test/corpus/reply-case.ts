import type { FinishReason } from '../../src/convert/part.ts';
import type { ReplyRules } from '../../src/convert/reply-rules.ts';
import type { UpstreamFailureKind } from '../../src/upstream-failure.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';
import type { FrameData } from '../support/zai-web/scenario.ts';

/**
 * What the service sends next: text or bytes exactly as they stand on the wire, or the object of one
 * frame: the `data` of a `chat:completion` on the wire of the web chat, a chunk on that of the API.
 */
export type WireUnit = string | Uint8Array | FrameData;

/** A stretch of a reply on one of its channels, however many deltas bring it. */
export type Span =
  | { reasoning: string }
  | { text: string }
  /** All of one call. Without `id`, any that no other call of the reply has. */
  | { call: string; arguments: string; id?: string };

/** A source as OpenAI words it in `annotations`; offsets are over the reply's text. */
export interface UrlCitation {
  start_index: number;
  end_index: number;
  url: string;
  title: string;
}

/** Model tokens in OpenAI's words. */
interface ReportedUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
}

/** One reply of the service, and what a client gets for it, streamed and whole. */
export interface ReplyCase {
  /** What a client can rely on, as a sentence about the reply. */
  name: string;
  /** What is known of the service that makes this happen. */
  fact: string;
  /** What the request asked for, where it is not a plain chat. */
  rules?: Partial<ReplyRules>;
  /** Whose wire it is. Default `zai-web`. */
  wire?: UpstreamId;
  upstream: readonly WireUnit[];
  /** What a streaming client gets, in its order. */
  spans: readonly Span[];
  /** How it ends: the reason of a complete reply, or what the failure speaks of. */
  ending: FinishReason | { failure: UpstreamFailureKind };
  /** Default: none came, so that the gateway estimates. */
  usage?: ReportedUsage | 'estimated';
  citations?: readonly UrlCitation[];
  /** How often the service changed what a stream had brought. Default 0. */
  conflicts?: number;
  /** The whole reply's spans, where they are not those of the stream: after a conflict. */
  whole?: readonly Span[];
  /**
   * false where it matters how the service cut its text into deltas. Elsewhere the same text cut
   * anywhere must give the same reply.
   */
  recut?: false;
}
