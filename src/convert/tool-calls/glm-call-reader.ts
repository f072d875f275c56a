import { type ArgumentWriter, createArgumentWriter } from './argument-writer.ts';
import {
  ARGUMENT_TAG,
  behindCloser,
  createTagWatch,
  isCloser,
  isCloserPrefix,
} from './block-tags.ts';
import type { Reading, TaggedCallReader } from './call-reader.ts';
import type { CallSink } from './call-sink.ts';
import type { ToolSet } from './tool-set.ts';

type State = 'name' | 'between-arguments' | 'key' | 'before-value' | 'value';

/**
 * Makes the reader of a block in GLM's own form, with line breaks between its parts (4.5, 4.6) or
 * without (4.7): `<tool_call>name<arg_key>key</arg_key><arg_value>value</arg_value></tool_call>`.
 *
 *   name ──▶ between-arguments ──<arg_key>──▶ key ──</arg_key>──▶ before-value ──<arg_value>──▶ value
 *                    ▲                                                                            │
 *                    └──────────────────────────────</arg_value>──────────────────────────────────┘
 *
 * The call begins with its first argument, or with the end of the block: until then the name may be
 * a word of a text about `<tool_call>`. An argument is handed on when its value ends.
 *
 * A tag in a value that ends blocks is the value's. Only if the value turns out to lack its own end,
 * which shows when another value begins in it or the reply ends, the tag has closed the block.
 *
 * @param opening what was read before the name: text again if there is no call.
 */
export function createGlmCallReader(
  opening: string,
  tools: ToolSet,
  sink: CallSink,
): TaggedCallReader {
  const watch = createTagWatch();
  let state: State = 'name';
  let name = '';
  let isNameOver = false;
  let key = '';
  let call: ArgumentWriter | null = null;
  // What was read since the opening, or since the last tag.
  let held = opening;
  // The first tag in the value that ends blocks, and where it ends.
  let doubtful: { tag: string; end: number } | null = null;
  let isMended = false;

  function openCall(): ArgumentWriter {
    call ??= createArgumentWriter(sink.begin(name, null));
    return call;
  }

  function enter(next: State): null {
    state = next;
    held = '';
    doubtful = null;
    return null;
  }

  function closeCall(rest: string): Reading {
    openCall().close();
    return { isCall: true, text: '', rest };
  }

  function closeMended(rest: string): Reading {
    isMended = true;
    return closeCall(rest);
  }

  function addArgument(value: string): void {
    openCall().add(key, tools.typesOf(name).ofText(key, value));
  }

  function readName(unit: string, tag: string, isTag: boolean): Reading | null {
    if (tag === ARGUMENT_TAG.keyOpen) {
      openCall();
      return enter('key');
    }
    if (isCloser(tag)) return closeCall(behindCloser(tag));
    return mayBeName(unit, isTag) ? null : noCall();
  }

  /** Whether the name, or the tag behind it, goes on with `unit`. */
  function mayBeName(unit: string, isTag: boolean): boolean {
    if (isTag) return tools.has(name) && isTagPrefix(watch.begun);
    if (unit.trim() === '') {
      isNameOver ||= name !== '';
      return !isNameOver || tools.has(name);
    }
    name += unit;
    return !isNameOver && tools.hasPrefix(name);
  }

  function noCall(): Reading {
    return { isCall: false, text: held.slice(0, -1), rest: held.slice(-1) };
  }

  function readBetween(unit: string, tag: string, isTag: boolean): Reading | null {
    if (tag === ARGUMENT_TAG.keyOpen) return enter('key');
    if (isCloser(tag)) return closeCall(behindCloser(tag));
    const isPadding = isTag ? isTagPrefix(watch.begun) : unit.trim() === '';
    return isPadding ? null : closeCall(held);
  }

  function readKey(tag: string): Reading | null {
    if (isCloser(tag)) return closeMended(behindCloser(tag));
    if (tag !== ARGUMENT_TAG.keyClose && tag !== ARGUMENT_TAG.valueOpen) return null;
    key = held.slice(0, -tag.length).trim();
    isMended ||= tag !== ARGUMENT_TAG.keyClose;
    return enter(tag === ARGUMENT_TAG.keyClose ? 'before-value' : 'value');
  }

  function readValue(tag: string): Reading | null {
    if (tag === ARGUMENT_TAG.valueClose) {
      addArgument(held.slice(0, -tag.length));
      return enter('between-arguments');
    }
    if (tag === ARGUMENT_TAG.valueOpen && doubtful !== null) return endValueAt(doubtful);
    if (isCloser(tag)) doubtful ??= { tag, end: held.length };
    return null;
  }

  function endValueAt({ tag, end }: { tag: string; end: number }): Reading {
    addArgument(held.slice(0, end - tag.length));
    return closeMended(behindCloser(tag) + held.slice(end));
  }

  /** The reply ends in the value: it is whole, if the reply is. */
  function endInValue(isCut: boolean): Reading {
    if (doubtful !== null) return endValueAt(doubtful);
    const isTag = isCloserPrefix(watch.begun) || ARGUMENT_TAG.valueClose.startsWith(watch.begun);
    addArgument(held.slice(0, held.length - (isTag ? watch.begun.length : 0)));
    return endBlock(isCut);
  }

  /** The reply ends, and the block has not. */
  function endBlock(isCut: boolean): Reading {
    isMended ||= isCut || state !== 'between-arguments';
    return isCut ? { isCall: true, text: '', rest: '' } : closeCall('');
  }

  return {
    read(unit) {
      held += unit;
      // A `<` in a tag makes text of what was to be one.
      const isTorn = unit === '<' && watch.begun !== '';
      const tag = watch.read(unit);
      const isTag = watch.begun !== '' && !isTorn;
      switch (state) {
        case 'name':
          return readName(unit, tag, isTag);
        case 'between-arguments':
          return readBetween(unit, tag, isTag);
        case 'key':
          return readKey(tag);
        case 'before-value':
          if (tag === ARGUMENT_TAG.valueOpen) return enter('value');
          return isCloser(tag) ? closeMended(behindCloser(tag)) : null;
        case 'value':
          return readValue(tag);
        default:
          return state satisfies never;
      }
    },
    end(isCut) {
      if (state === 'value') return endInValue(isCut);
      if (state !== 'name' || (!isCut && tools.has(name))) return endBlock(isCut);
      return { isCall: false, text: held, rest: '' };
    },
    giveUp() {
      return { isCall: false, text: held, rest: '' };
    },
    get isWhole() {
      return call !== null && !isMended;
    },
    get heldUnits() {
      return state === 'name' ? held.length : 0;
    },
  };
}

function isTagPrefix(beginning: string): boolean {
  return ARGUMENT_TAG.keyOpen.startsWith(beginning) || isCloserPrefix(beginning);
}
