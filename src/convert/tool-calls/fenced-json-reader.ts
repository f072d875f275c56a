import type { CallReader, Reading } from './call-reader.ts';
import { type CallSink, createHeldCalls } from './call-sink.ts';
import { type Fence, isFenceEnd } from './code-fence.ts';
import { createJsonCallReader, type JsonCallReader } from './json-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/** A line that may close a fence is not longer, in UTF-16 units. */
const MAX_END_UNITS = 64;

/**
 * Makes the reader of a code block that may hold JSON, behind its first line. It is a call,
 * or several, if there is nothing else in the block, and all name tools of the request. Until that is
 * certain its calls are held; if there are none, its first line is text and the rest is code.
 */
export function createFencedJsonReader(fence: Fence, tools: ToolSet, sink: CallSink): CallReader {
  const calls = createHeldCalls();
  // null = outside of JSON.
  let json: JsonCallReader | null = null;
  let held = '';
  let line = '';

  function accept(rest: string): Reading {
    calls.release(sink);
    return { isCall: true, text: '', rest };
  }

  function refuse(): Reading {
    return { isCall: false, text: fence.opening, rest: held };
  }

  /** The block ends; so many of the units read last are not the JSON's. */
  function close(unitsBehind: number, rest: string): Reading {
    const isCall = json === null ? calls.count > 0 : json.close(unitsBehind);
    return isCall ? accept(rest) : refuse();
  }

  function readOutside(unit: string): Reading | null {
    if (unit === '{' || unit === '[') {
      json = createJsonCallReader({ tools, sink: calls, isBare: true });
      return readJson(json, unit);
    }
    return unit.trim() === '' || unit === fence.mark ? null : refuse();
  }

  function readJson(reader: JsonCallReader, unit: string): Reading | null {
    const verdict = reader.read(unit);
    if (verdict === 'text') return refuse();
    if (verdict === 'complete') json = null;
    return null;
  }

  return {
    read(unit) {
      held += unit;
      if (unit === '\n') {
        if (isFenceEnd(line, fence)) return close(line.length + 1, unit);
        line = '';
      } else if (line.length < MAX_END_UNITS) {
        line += unit;
      }
      return json === null ? readOutside(unit) : readJson(json, unit);
    },
    end(isCut) {
      if (isFenceEnd(line, fence)) return close(line.length, '');
      if (isCut) return refuse();
      // The closing fence may lack its last marks.
      return close(line.trim().replaceAll(fence.mark, '') === '' ? line.length : 0, '');
    },
    giveUp: refuse,
    get heldUnits() {
      const isRecognized = calls.count > 0 || json?.isRecognized === true;
      return isRecognized ? 0 : fence.opening.length + held.length;
    },
  };
}
