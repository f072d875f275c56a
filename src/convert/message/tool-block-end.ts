import { matchAt, TAG } from './reply-markup.ts';
import { concatRuns, joinRuns, sliceRuns, type VoicedRun } from './voiced-run.ts';

/** Where the search for a block's end stands: opaque, immutable, good for any number of returns. */
export interface ToolBlockEndState {
  readonly place: 'structure' | 'string' | 'doubt' | 'behind-doubt';
  /** What was read behind the closing tag in doubt. */
  readonly doubt: readonly VoicedRun[];
}

/** How far a block was read. */
interface Reading {
  /** Up to here; what is left needs more text to be decided. */
  at: number;
  ended: boolean;
  /** Read before, and behind the end: to be read again, in front of what is left. */
  unread: readonly VoicedRun[];
}

/** Looks for the closing tags of tool blocks, one after the other, in a text that comes in pieces. */
export interface ToolBlockEnd {
  /** Reads on from `at`, in the text of `runs`. */
  read(runs: readonly VoicedRun[], text: string, at: number): Reading;
  /**
   * Nothing follows on the block, which has not ended. Returns what was read behind a tag in doubt,
   * which has ended it after all; null when there was none.
   */
  end(): readonly VoicedRun[] | null;
  save(): ToolBlockEndState;
  restore(state: ToolBlockEndState): void;
}

/** The state in front of a block's JSON. */
const TOOL_BLOCK_END_START: ToolBlockEndState = { place: 'structure', doubt: [] };

const PLAIN = /[^"<]+/y;
const PLAIN_IN_STRING = /[^"<\\]+/y;
/** What may stand in a string of JSON: no control characters. */
const PLAIN_IN_DOUBT = /[ !#-[\]-\uffff]+/y;
const WHITE_SPACE = /\s+/y;

/**
 * Makes a search. `onJson` gets what stands in the blocks, in order.
 *
 *                  ┌──────────────── , : ] } ─────────────────┐
 *                  ▼                                          │
 *   structure ◀──"──▶ string ──closing tag──▶ doubt ──"──▶ behind-doubt
 *       │                                       └───────┬───────┘
 *   closing tag ──▶ ended                      what is no JSON ──▶ ended, at the tag in doubt
 *
 * Arguments may hold any text, the closing tag included: in a string it closes nothing. But the service
 * may also cut a block in a string, and close it there. Behind the tag it shows which of the two it was:
 * a string goes on without control characters, and ends in front of what JSON may have there. If it does
 * not, or if the block is over before, the tag in doubt was the end, and what was read since is read
 * again as what it is.
 */
export function createToolBlockEnd(onJson: (text: string) => void): ToolBlockEnd {
  let { place, doubt } = TOOL_BLOCK_END_START;

  function reset(): void {
    ({ place, doubt } = TOOL_BLOCK_END_START);
  }

  function readOn(runs: readonly VoicedRun[], text: string, at: number): Reading {
    switch (place) {
      case 'structure':
      case 'string':
        return readJson(text, at);
      case 'doubt':
        return readDoubt(runs, text, at);
      case 'behind-doubt':
        return readBehindDoubt(runs, text, at);
      default:
        return place satisfies never;
    }
  }

  function readJson(text: string, at: number): Reading {
    const end = endOfJson(text, at);
    if (end > at) onJson(text.slice(at, end));
    if (matchAt(text, end, TAG.toolClose) !== 'yes') return open(end);
    const behind = end + TAG.toolClose.length;
    if (place === 'structure') return { at: behind, ended: true, unread: [] };
    place = 'doubt';
    return open(behind);
  }

  /** Where a closing tag stands, or what may become one, or half an escape sequence. */
  function endOfJson(text: string, from: number): number {
    let at = from;
    while (at < text.length) {
      at = skip(place === 'string' ? PLAIN_IN_STRING : PLAIN, text, at);
      const unit = text[at];
      if (unit === '<' && matchAt(text, at, TAG.toolClose) !== 'no') return at;
      if (unit === '\\' && at + 1 === text.length) return at;
      if (unit === '"') place = place === 'string' ? 'structure' : 'string';
      at += unit === '\\' ? 2 : 1;
    }
    return text.length;
  }

  function readDoubt(runs: readonly VoicedRun[], text: string, at: number): Reading {
    let end = skip(PLAIN_IN_DOUBT, text, at);
    for (; text[end] === '\\'; end = skip(PLAIN_IN_DOUBT, text, end + 2)) {
      if (end + 1 === text.length) return keep(runs, at, end);
    }
    if (end === text.length) return keep(runs, at, end);
    if (text[end] !== '"') return endAtDoubt(at);
    place = 'behind-doubt';
    return keep(runs, at, end + 1);
  }

  function readBehindDoubt(runs: readonly VoicedRun[], text: string, at: number): Reading {
    const end = skip(WHITE_SPACE, text, at);
    const unit = text[end];
    if (unit === undefined) return keep(runs, at, end);
    if (!',:]}'.includes(unit)) return endAtDoubt(at);
    onJson(TAG.toolClose + joinRuns(doubt) + text.slice(at, end));
    reset();
    return open(end);
  }

  function keep(runs: readonly VoicedRun[], from: number, to: number): Reading {
    doubt = concatRuns(doubt, sliceRuns(runs, from, to));
    return open(to);
  }

  function endAtDoubt(at: number): Reading {
    const unread = doubt;
    reset();
    return { at, ended: true, unread };
  }

  return {
    read(runs, text, from) {
      for (let at = from; ; ) {
        const placeBefore = place;
        const reading = readOn(runs, text, at);
        const isStuck = reading.at === at && place === placeBefore;
        if (reading.ended || isStuck || reading.at === text.length) return reading;
        at = reading.at;
      }
    },
    end() {
      const unread = place === 'doubt' || place === 'behind-doubt' ? doubt : null;
      reset();
      return unread;
    },
    save: () => ({ place, doubt }),
    restore(state) {
      ({ place, doubt } = state);
    },
  };
}

/** How long the rest of a block is that begins outside of a string; all of `text` if it has no end. */
export function toolBlockRest(text: string): number {
  const search = createToolBlockEnd(() => {});
  const { at, ended, unread } = search.read(
    [{ text, voice: 'hidden', isServiceTag: false }],
    text,
    0,
  );
  return ended ? at - joinRuns(unread).length : text.length;
}

function open(at: number): Reading {
  return { at, ended: false, unread: [] };
}

/** Behind what `pattern` finds at `at`. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
