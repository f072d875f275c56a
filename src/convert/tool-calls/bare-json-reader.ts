import { BLOCK_OPEN, createTagWatch } from './block-tags.ts';
import type { CallReader, Reading } from './call-reader.ts';
import { type CallSink, createHeldCalls } from './call-sink.ts';
import { createJsonCallReader } from './json-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/**
 * Makes the reader of JSON that stands in the text without any mark, at the beginning of a line. It
 * is a call, or several, if it says so in all its parts, names tools of the request only, and has its
 * lines to itself: `{"name": …} is how to call it` is a sentence. So its calls are held to the end of
 * its last line.
 */
export function createBareJsonReader(tools: ToolSet, sink: CallSink): CallReader {
  const watch = createTagWatch();
  const calls = createHeldCalls();
  const json = createJsonCallReader({ tools, sink: calls, isBare: true });
  let held = '';
  // How much of it is the JSON, once that has ended.
  let jsonUnits: number | null = null;

  function accept(): Reading {
    calls.release(sink);
    return { isCall: true, text: '', rest: held.slice(jsonUnits ?? held.length) };
  }

  function refuse(rest: string): Reading {
    return { isCall: false, text: held.slice(0, held.length - rest.length), rest };
  }

  function readJson(unit: string, tag: string): Reading | null {
    const verdict = json.read(unit);
    if (verdict === 'text' || (json.isBroken && !json.isCertain)) return refuse(unit);
    if (json.isBroken && tag === BLOCK_OPEN) return refuse(tag);
    const isOver = verdict === 'complete' || (json.isBroken && json.isBalanced);
    if (!isOver) return null;
    if (verdict !== 'complete' && !json.close(0)) return refuse(unit);
    jsonUnits = held.length;
    return null;
  }

  return {
    read(unit) {
      held += unit;
      const tag = watch.read(unit);
      if (jsonUnits === null) return readJson(unit, tag);
      if (unit === '\n') return accept();
      return unit.trim() === '' ? null : refuse(unit);
    },
    end(isCut) {
      if (jsonUnits !== null) return accept();
      return !isCut && json.isCertain && json.close(0) ? accept() : refuse('');
    },
    giveUp: () => refuse(''),
    get heldUnits() {
      // JSON that breaks may be a text that only begins like a call, and has no end to wait for.
      return json.isRecognized && !json.isBroken ? 0 : held.length;
    },
  };
}
