import type { UpstreamFailure } from '../upstream-failure.ts';

/** What an exchange with an upstream brought: a value, or a failure as a value. Never thrown. */
export type UpstreamResult<T> = { ok: true; value: T } | { ok: false; failure: UpstreamFailure };

/** A reply whose headers have arrived: its body, unread. */
export type OpenedReply = UpstreamResult<ReadableStream<Uint8Array>>;
