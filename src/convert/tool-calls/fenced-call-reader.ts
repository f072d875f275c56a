import { BLOCK_OPEN } from './block-tags.ts';
import type { CallReader, Reading } from './call-reader.ts';
import type { CallSink } from './call-sink.ts';
import type { Fence } from './code-fence.ts';
import { createFencedBlockReader } from './fenced-block-reader.ts';
import { createFencedJsonReader } from './fenced-json-reader.ts';
import type { ToolSet } from './tool-set.ts';

export interface FencedCallOptions {
  fence: Fence;
  /** Whether nothing but white space came before the fence. */
  isFirst: boolean;
  tools: ToolSet;
  sink: CallSink;
}

/** Makes the reader of a code block behind its first line: what comes first tells what it may hold. */
export function createFencedCallReader(options: FencedCallOptions): CallReader {
  const { fence, isFirst, tools, sink } = options;
  let held = '';
  let reader: CallReader | null = null;

  function createReader(unit: string): CallReader | null {
    if (BLOCK_OPEN.startsWith(unit)) {
      return isFirst ? createFencedBlockReader(fence, tools, sink) : null;
    }
    const mayBeJson = unit === '{' || unit === '[';
    return mayBeJson && fence.language !== 'xml'
      ? createFencedJsonReader(fence, tools, sink)
      : null;
  }

  function refuse(): Reading {
    return { isCall: false, text: fence.opening, rest: held };
  }

  return {
    read(unit) {
      if (reader !== null) return reader.read(unit);
      held += unit;
      if (unit.trim() === '') return null;
      reader = createReader(unit);
      if (reader === null) return refuse();
      // White space decides nothing.
      for (const before of held.slice(0, -1)) reader.read(before);
      return reader.read(unit);
    },
    end: (isCut) => reader?.end(isCut) ?? refuse(),
    giveUp: () => reader?.giveUp() ?? refuse(),
    get heldUnits() {
      return reader?.heldUnits ?? fence.opening.length + held.length;
    },
  };
}
