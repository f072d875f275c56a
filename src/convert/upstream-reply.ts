import type { UpstreamFailure } from '../upstream-failure.ts';
import type { PartSink, TokenUsage } from './part.ts';
import type { ReplyRules } from './reply-rules.ts';
import type { Deliver } from './revisable/revisable-stages.ts';

export interface UpstreamReplyOptions {
  /**
   * `live`: each delta at once; what was sent stays sent when the upstream changes it. `final`: for
   * somebody who waits for the end, exactly as the reply is then.
   */
  delivery: 'live' | 'final';
  rules: Pick<ReplyRules, 'thinking' | 'tools' | 'search'>;
  onPart: PartSink;
  /**
   * Called when delivery is `live` and what was sent is not the beginning of the reply any more, and
   * again when such a reply ends: `deliver` sends all of it as it is now. Without it, what follows the
   * common prefix is sent as a part.
   */
  onChange?: (deliver: Deliver) => void;
}

/**
 * One reply of an upstream, the events of its wire in, parts out. The last part is a `reply-end` or
 * a `reply-error`; once that has come, everything is ignored.
 */
export interface UpstreamReply<Event> {
  accept(event: Event): void;
  /** The body is over. */
  close(): void;
  /** The exchange broke off for a reason outside the events. */
  fail(failure: UpstreamFailure): void;
  /** Whether its last part has come. */
  readonly ended: boolean;
  /** The last usage that came, whether the reply has ended or not. */
  readonly usage: TokenUsage | null;
  /** How often the upstream changed what it had sent; 0 when delivery is `final`. */
  readonly editConflicts: number;
}
