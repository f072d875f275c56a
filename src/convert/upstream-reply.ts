import type { UpstreamFailure } from '../upstream-failure.ts';
import type { PartSink, TokenUsage } from './part.ts';
import type { ReplyRules } from './reply-rules.ts';

export interface UpstreamReplyOptions {
  /**
   * `live`: each delta at once; what was sent stays sent when the upstream changes it. `final`: for
   * somebody who waits for the end, exactly as the reply is then.
   */
  delivery: 'live' | 'final';
  rules: Pick<ReplyRules, 'thinking' | 'tools' | 'search'>;
  onPart: PartSink;
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
  /** How often the upstream changed text that a client had already; 0 when delivery is `final`. */
  readonly editConflicts: number;
}
