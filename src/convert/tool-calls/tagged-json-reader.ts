import { behindCloser, createTagWatch, isCloser, isCloserPrefix } from './block-tags.ts';
import type { Reading, TaggedCallReader } from './call-reader.ts';
import type { CallSink } from './call-sink.ts';
import { createJsonCallReader, type JsonCallReader } from './json-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/** Brackets too many, behind the JSON of a call. */
const STRAY_BRACKETS = /^(?:\s*[}\]])+/;

/**
 * Makes the reader of a block whose call is JSON: `<tool_call>{"name": …, "arguments": {…}}`.
 *
 *   reading ──root closes──▶ behind ──closing tag, or text──▶ done
 *      │ ▲                     │
 *      │ └──────── { ──────────┘        several calls in one block
 *      └──closing tag──▶ done           an end is missing, or the JSON is broken: repaired
 *
 * JSON that breaks behind the arguments of a call leads to `behind` as well: the call is whole.
 *
 * A closing tag in a string is the string's. Only if the string turns out to lack its end, which
 * shows when the JSON breaks right behind it or never ends, the tag has closed the block after all.
 *
 * @param opening what was read before the JSON: text again if there is no call.
 */
export function createTaggedJsonReader(
  opening: string,
  tools: ToolSet,
  sink: CallSink,
): TaggedCallReader {
  let watch = createTagWatch();
  // null = behind the JSON.
  let json: JsonCallReader | null = beginJson();
  let held = opening;
  let hasCalls = false;
  let isMended = false;
  // The first closing tag in the string that is open, and what was read behind it.
  let doubtful: { tag: string; behind: string } | null = null;

  function beginJson(): JsonCallReader {
    return createJsonCallReader({ tools, sink, isBare: false });
  }

  function readJson(reader: JsonCallReader, unit: string, tag: string): Reading | null {
    const { calls, isInArguments } = reader;
    const verdict = reader.read(unit);
    if (verdict === 'text') return { isCall: hasCalls, text: withoutStrays(-1), rest: unit };
    if (isInArguments || reader.calls > calls) {
      hasCalls = true;
      held = '';
    }
    if (verdict === 'complete') {
      json = null;
      held = '';
      // A `<` in the JSON was a string's.
      watch = createTagWatch();
      return null;
    }
    if (reader.isBrokenBehindCall) {
      json = null;
      isMended = true;
      return readBehind(unit, tag);
    }
    return readCloser(reader, unit, tag);
  }

  function readCloser(reader: JsonCallReader, unit: string, tag: string): Reading | null {
    if (doubtful !== null) {
      doubtful.behind += unit;
      if (reader.isBroken) return closeAt(reader, doubtful.tag, doubtful.behind);
      if (!reader.isStringOpen) doubtful = null;
    }
    if (!isCloser(tag)) return null;
    if (reader.isBroken || !reader.isStringOpen) return closeAt(reader, tag, '');
    doubtful ??= { tag, behind: '' };
    return null;
  }

  /** What is held up to `end`; behind a call, its own brackets are no text. */
  function withoutStrays(end: number): string {
    const text = held.slice(0, end);
    return hasCalls ? text.replace(STRAY_BRACKETS, '') : text;
  }

  /** `tag` has closed the block; `behind` was read since. */
  function closeAt(reader: JsonCallReader, tag: string, behind: string): Reading {
    const rest = behindCloser(tag) + behind;
    isMended = true;
    if (reader.close(tag.length + behind.length)) return { isCall: true, text: '', rest };
    return { isCall: hasCalls, text: held.slice(0, held.length - rest.length), rest };
  }

  function readBehind(unit: string, tag: string, isTorn = false): Reading | null {
    if (unit === '{') {
      json = beginJson();
      return readJson(json, unit, tag);
    }
    if (isCloser(tag)) return { isCall: true, text: '', rest: behindCloser(tag) };
    const isPadding = watch.begun === '' ? /[\s}\],]/.test(unit) : isCloserPrefix(watch.begun);
    return isPadding && !isTorn
      ? null
      : { isCall: true, text: '', rest: withoutStrays(held.length) };
  }

  return {
    read(unit) {
      held += unit;
      // A `<` in a tag makes text of what was to be one.
      const isTorn = unit === '<' && watch.begun !== '';
      const tag = watch.read(unit);
      return json === null ? readBehind(unit, tag, isTorn) : readJson(json, unit, tag);
    },
    end(isCut) {
      const begunTag = isCloserPrefix(watch.begun) ? watch.begun : '';
      if (json === null) {
        return { isCall: true, text: '', rest: withoutStrays(held.length - begunTag.length) };
      }
      if (doubtful !== null) return closeAt(json, doubtful.tag, doubtful.behind);
      if (!isCut) return closeAt(json, begunTag, '');
      json.cut();
      return { isCall: hasCalls, text: held, rest: '' };
    },
    giveUp() {
      return { isCall: hasCalls, text: held, rest: '' };
    },
    get isWhole() {
      return json === null && !isMended;
    },
    get heldUnits() {
      return json?.isRecognized === true ? 0 : held.length;
    },
  };
}
