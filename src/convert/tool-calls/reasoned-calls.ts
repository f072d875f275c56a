import { BLOCK_OPEN } from './block-tags.ts';
import { type CallSink, createHeldCalls, type HeldCalls } from './call-sink.ts';
import { createTaggedCallReader } from './tagged-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/** Keeps what may be calls in a reply's reasoning. */
export interface ReasonedCalls {
  /** Takes the next piece of reasoning, of any size. */
  read(text: string): void;
  /** Hands over the calls that the reasoning ends with. Called once, when there is no more of it. */
  release(sink: CallSink): void;
}

/** Ends thinking: as the last word, it says nothing of the calls before it. */
const THINKING_END = '</think>';

/**
 * Makes the keeper of one reply. GLM models sometimes write their calls without having ended their
 * thinking; nothing else follows, so a reply that has neither words nor calls has to be looked
 * through for them. They also think about calls, and write drafts of them. So these are calls:
 *
 * - `<tool_call>` blocks, no other form: JSON and code blocks are what models think in
 * - that came whole, and name a tool of the request
 * - with which the reasoning ends: the row of blocks behind its last words. What has words behind it
 *   was a draft, and a block that is no call or is broken counts as words.
 *
 * Reasoning is kept from its first `<tool_call>` on, `scanLimit` units of it; with more, there are no
 * calls in it, since those that the limit cuts off cannot be told from those that were never made.
 */
export function createReasonedCalls(tools: ToolSet, scanLimit: number): ReasonedCalls {
  let state: 'searching' | 'keeping' | 'too-long' = 'searching';
  // While searching, the last units, with which the tag may begin; then what is kept.
  let kept = '';

  function search(): void {
    const open = kept.indexOf(BLOCK_OPEN);
    if (open !== -1) state = 'keeping';
    kept = kept.slice(open === -1 ? 1 - BLOCK_OPEN.length : open);
  }

  return {
    read(text) {
      if (state === 'too-long') return;
      kept += text;
      if (state === 'searching') search();
      if (kept.length <= scanLimit) return;
      state = 'too-long';
      kept = '';
    },
    release(sink) {
      if (state !== 'keeping') return;
      for (const calls of lastCalls(kept, tools)) calls.release(sink);
    },
  };
}

/** The calls of the whole blocks that a text ends with. */
function lastCalls(text: string, tools: ToolSet): HeldCalls[] {
  let row: HeldCalls[] = [];
  for (let at = 0; ; ) {
    const open = text.indexOf(BLOCK_OPEN, at);
    const words = text.slice(at, open === -1 ? text.length : open);
    const said = words.trim();
    if (open === -1) return said === '' || said === THINKING_END ? row : [];
    const block = readBlock(text, open + BLOCK_OPEN.length, tools);
    if (said !== '' || block.calls === null) row = [];
    if (block.calls !== null) row.push(block.calls);
    at = block.end;
  }
}

/** Reads a block behind its tag; `calls` is null when there are none, or not whole ones. */
function readBlock(
  text: string,
  from: number,
  tools: ToolSet,
): { calls: HeldCalls | null; end: number } {
  const calls = createHeldCalls();
  const reader = createTaggedCallReader(tools, calls);
  let end = from;
  let reading = null;
  for (; reading === null && end < text.length; end += 1)
    reading = reader.read(text[end] as string);
  reading ??= reader.end(false);
  const isWhole = reading.isCall && reader.isWhole && reading.text.trim() === '';
  return { calls: isWhole ? calls : null, end: end - reading.rest.length };
}
