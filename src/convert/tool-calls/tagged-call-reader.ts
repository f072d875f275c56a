import { BLOCK_OPEN } from './block-tags.ts';
import type { TaggedCallReader } from './call-reader.ts';
import type { CallSink } from './call-sink.ts';
import { createGlmCallReader } from './glm-call-reader.ts';
import { createTaggedJsonReader } from './tagged-json-reader.ts';
import type { ToolSet } from './tool-set.ts';

/** Makes the reader of a block behind its `<tool_call>`: what comes first tells its form. */
export function createTaggedCallReader(tools: ToolSet, sink: CallSink): TaggedCallReader {
  let held = BLOCK_OPEN;
  let reader: TaggedCallReader | null = null;

  return {
    read(unit) {
      if (reader !== null) return reader.read(unit);
      if (unit.trim() === '') {
        held += unit;
        return null;
      }
      const create = unit === '{' || unit === '[' ? createTaggedJsonReader : createGlmCallReader;
      reader = create(held, tools, sink);
      return reader.read(unit);
    },
    end: (isCut) => reader?.end(isCut) ?? { isCall: false, text: held, rest: '' },
    giveUp: () => reader?.giveUp() ?? { isCall: false, text: held, rest: '' },
    get isWhole() {
      return reader?.isWhole ?? false;
    },
    get heldUnits() {
      return reader?.heldUnits ?? held.length;
    },
  };
}
