import { describe, expect, test } from 'bun:test';
import { PLAIN_RULES } from '../support/plain-rules.ts';
import { ALL_REPLIES } from './all-replies.ts';
import { convertReply } from './convert-reply.ts';
import { encodeUpstream } from './encode-upstream.ts';
import { foldWithClient } from './fold-with-client.ts';
import { readCompletion } from './read-completion.ts';
import type { ReplyCase } from './reply-case.ts';
import type { ReplyReading } from './reply-reading.ts';

const MODES = ['reasoning', 'think', 'thinking', 'details', 'strip', 'raw'] as const;

/** Where the stream could not be what the whole reply is, since words were changed behind it. */
const isFoldable = ([, reply]: readonly [string, ReplyCase]) => reply.whole === undefined;

describe.each(MODES)('in mode %s, the stream folds into the whole reply:', (mode) => {
  test.each(ALL_REPLIES.filter(isFoldable))('%s', async (_, reply) => {
    const rules = { ...PLAIN_RULES, ...reply.rules, thinking: mode };
    const bytes = encodeUpstream(reply.upstream, reply.wire);
    const stream = convertReply([bytes], 'stream', rules, reply.wire);
    const whole = convertReply([bytes], 'whole', rules, reply.wire);
    // Raw text has the markup in it, so edits of that are conflicts too.
    if (mode === 'raw' && stream.outcome?.editConflicts !== 0) return;
    expect(stream.outcome).toEqual(whole.outcome);
    if (stream.outcome?.state === 'completed') {
      expect(withoutIds(await foldWithClient(stream.output))).toEqual(
        withoutIds(readCompletion(whole.output)),
      );
    } else if (stream.output !== '') {
      await expect(foldWithClient(stream.output)).rejects.toThrow(
        stream.outcome?.failure.message ?? '',
      );
    }
  });
});

/** Ids that are made up are so anew for each conversion. */
function withoutIds(reading: ReplyReading): ReplyReading {
  const spans = reading.spans.map((span) => ('call' in span ? { ...span, id: '' } : span));
  return { ...reading, spans };
}
