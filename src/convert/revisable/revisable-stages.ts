import type { Part, PartSink, Stage } from '../part.ts';
import { throughStages } from '../reply-stages.ts';
import { createSentReply } from './sent-reply.ts';

/** Sends a reply from its start, as it is now. */
export type Deliver = (send: PartSink) => void;

/** Stages that read a reply which may still change. */
export interface RevisableStages {
  readonly take: PartSink;
  /**
   * What was taken is not the beginning of the reply any more. `deliver` can be called until the reply
   * ends, and always has what `take` gets.
   */
  change(deliver: Deliver): void;
  /** How often the client had been sent something that was then changed. */
  readonly conflicts: number;
}

/** A reply of this many UTF-16 units may be read again whenever it changes. */
const FREE_UNITS = 65_536;
/** How much may be read again, in all, for each unit that came. */
const UNITS_AGAIN_PER_UNIT = 8;

/**
 * Makes stages whose reply may change under them. A stage holds text back until it is certain what it
 * is, and has taken in what it has read; neither can be cut as text can. So when the reply changes, new
 * stages read it from its start, and of what they make of it the client gets what it lacks. What the
 * stages only held when it was changed, no client ever sees, and is no conflict.
 *
 *   reading ──change──▶ behind ──enough has come since, or the end──▶ reading
 *
 * The work stays linear: after much has been read again, a further change waits, while the stream
 * stands still, until more has come or the reply ends.
 */
export function createRevisableStages(stages: readonly Stage[], next: PartSink): RevisableStages {
  const sent = createSentReply(next);
  let read = throughStages(stages, sent.take);
  let unitsTaken = 0;
  let unitsAgain = 0;
  // What is to be read again; null when the stages have read all.
  let behind: Deliver | null = null;

  function readAgain(deliver: Deliver): void {
    behind = null;
    sent.restart();
    read = throughStages(stages, sent.take);
    deliver((part) => {
      unitsAgain += unitsOf(part);
      read(part);
    });
  }

  function mayReadAgain(): boolean {
    return unitsAgain <= FREE_UNITS + unitsTaken * UNITS_AGAIN_PER_UNIT;
  }

  return {
    take(part) {
      unitsTaken += unitsOf(part);
      const isDelivered = behind !== null && isOfReply(part);
      if (behind !== null && (!isDelivered || mayReadAgain())) readAgain(behind);
      if (!isDelivered) read(part);
    },
    change(deliver) {
      behind = deliver;
      if (mayReadAgain()) readAgain(deliver);
    },
    get conflicts() {
      return sent.conflicts;
    },
  };
}

/** Whether a reply that is delivered again has such parts in it; others come but once. */
function isOfReply({ type }: Part): boolean {
  return type !== 'usage' && type !== 'reply-end' && type !== 'reply-error';
}

function unitsOf(part: Part): number {
  switch (part.type) {
    case 'reasoning-delta':
    case 'text-delta':
      return part.text.length;
    case 'tool-call-delta':
      return part.arguments.length;
    default:
      return 0;
  }
}
