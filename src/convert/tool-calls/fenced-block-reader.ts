import { BLOCK_OPEN } from './block-tags.ts';
import type { CallReader, Reading, TaggedCallReader } from './call-reader.ts';
import { type CallSink, createHeldCalls } from './call-sink.ts';
import { type Fence, isFenceEnd } from './code-fence.ts';
import { createTaggedCallReader } from './tagged-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/**
 * Makes the reader of a code block that opens an answer and may hold `<tool_call>` blocks, behind its
 * first line. A model that writes about calls fences them and says something; one that makes calls and
 * has a habit of fences says nothing else. So the blocks are calls if the fence is the whole answer,
 * and all in it are whole calls of the request's tools: then there is nothing they could illustrate.
 * Else its first line is text and the rest is code.
 *
 *   between ──<tool_call>──▶ in a block ──whole──▶ between ──closing fence──▶ behind ──the end──▶ calls
 *      └──anything else──▶ text └──no call, or not whole──▶ text                └──words──▶ text
 *
 * The closing fence may be missing, as it may around JSON. An answer that was cut off is not known to
 * be whole: it stays text.
 */
export function createFencedBlockReader(fence: Fence, tools: ToolSet, sink: CallSink): CallReader {
  const calls = createHeldCalls();
  // null = not in a block.
  let block: TaggedCallReader | null = null;
  let isBehind = false;
  let held = '';
  // Between blocks: what was read of the line.
  let line = '';

  function refuse(): Reading {
    return { isCall: false, text: fence.opening, rest: held };
  }

  function readUnit(unit: string): Reading | null {
    if (block !== null) return readBlock(block, unit);
    if (isBehind) return unit.trim() === '' ? null : refuse();
    if (unit === '\n') return endLine();
    line += unit;
    return readBetween(line.trim());
  }

  function readBlock(reader: TaggedCallReader, unit: string): Reading | null {
    const reading = reader.read(unit);
    return reading === null ? null : endBlock(reader, reading);
  }

  function endBlock(reader: TaggedCallReader, { isCall, text, rest }: Reading): Reading | null {
    if (!isCall || !reader.isWhole || text.trim() !== '') return refuse();
    block = null;
    for (let at = 0; at < rest.length; at += 1) {
      const reading = readUnit(rest[at] as string);
      if (reading !== null) return reading;
    }
    return null;
  }

  function endLine(): Reading | null {
    const ending = line;
    line = '';
    if (ending.trim() === '') return null;
    isBehind = isFenceEnd(ending, fence);
    return isBehind ? null : refuse();
  }

  function readBetween(words: string): Reading | null {
    if (words === BLOCK_OPEN) {
      block = createTaggedCallReader(tools, calls);
      line = '';
      return null;
    }
    return BLOCK_OPEN.startsWith(words) || isMarks(words) ? null : refuse();
  }

  /** Whether these may close the fence, as far as they go. */
  function isMarks(words: string): boolean {
    return words.replaceAll(fence.mark, '') === '';
  }

  return {
    read(unit) {
      held += unit;
      return readUnit(unit);
    },
    end(isCut) {
      if (isCut) return refuse();
      const refusal = block === null ? null : endBlock(block, block.end(false));
      if (refusal !== null || calls.count === 0 || !isMarks(line.trim())) return refuse();
      calls.release(sink);
      return { isCall: true, text: '', rest: '' };
    },
    giveUp: refuse,
    get heldUnits() {
      const isRecognized = calls.count > 0 || block?.heldUnits === 0;
      return isRecognized ? 0 : fence.opening.length + held.length;
    },
  };
}
