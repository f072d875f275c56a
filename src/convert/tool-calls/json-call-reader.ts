import { isRecord } from '../../lib/is-record.ts';
import { parseWritableJson, repairJson } from '../json/repair-json.ts';
import { type CallTakerOptions, createCallTaker } from './call-taker.ts';
import { createJsonArguments, type JsonArguments } from './json-arguments.ts';
import { createJsonScanner, type JsonEvent } from './json-scanner.ts';
import { callsIn, isArgumentsKey, isCallKey, isCallKeyPrefix } from './written-call.ts';

/** `text`: this can be no call any more. `complete`: the root value has ended, and was one or more. */
type JsonVerdict = 'undecided' | 'text' | 'complete';

/** Reads one JSON value that is to be a call or several; what it finds it hands to its sink. */
export interface JsonCallReader {
  /** Takes the next unit; the first is `{` or `[`. Not called again after another verdict. */
  read(unit: string): JsonVerdict;
  /**
   * What holds the JSON ends, but the JSON has not: it is repaired as well as can be.
   *
   * @param unitsBehind how many of the units read last are not the JSON's.
   * @returns whether there was a call.
   */
  close(unitsBehind: number): boolean;
  /** The reply is cut off here: a call that has begun keeps what came of it. */
  cut(): void;
  /** How many calls have begun. */
  readonly calls: number;
  /** Whether the arguments of a call are being handed on. */
  readonly isInArguments: boolean;
  /** Whether it has ceased to be JSON where no call is open: what follows may be anything. */
  readonly isBrokenBehindCall: boolean;
  /** Whether what was read can be nothing but a call, or a list of them. */
  readonly isCertain: boolean;
  /**
   * Whether the name of a tool and the beginning of its arguments were read, an object or a string:
   * from there on it is a call however long it is.
   */
  readonly isRecognized: boolean;
  /** Whether it has ceased to be JSON. */
  readonly isBroken: boolean;
  /** Whether as many brackets were closed as were opened. */
  readonly isBalanced: boolean;
  /** See `JsonScanner`. */
  readonly isStringOpen: boolean;
}

/** The object being read that is to be a call. */
interface CallObject {
  text: string;
  /** How many containers are open in it, itself included. */
  depth: number;
  /** The same for `name` and `arguments`, which may lie one deeper, in `function`. */
  fieldDepth: number;
  /** Whether it begins like a call. */
  isHeadKnown: boolean;
  name: string | null;
  id: string | null;
  /** How far its arguments have come: `due` behind their key, `begun` with their first unit. */
  given: 'none' | 'due' | 'begun';
  /** Whether its arguments have begun to be handed on. */
  hasBegun: boolean;
}

/** The head of a call that is no JSON: `{'name`, `{name`, `{“name`. */
const BROKEN_HEAD = /^\{\s*["'`“”‘’]?(\w*)/;

/**
 * Makes the reader of one value.
 *
 * A call begins as soon as its name is known and its `arguments` are an object that opens; each
 * argument is then handed on when it ends. Calls in another order (arguments before the name), with
 * arguments as a string or under another name, or broken, are handed on when their object ends.
 * An id is kept if it comes before the arguments.
 *
 * Where the arguments come before the name, or the JSON breaks before it, nothing tells a call from
 * other JSON until its object ends: such a call is not recognized while it is read.
 */
export function createJsonCallReader(options: CallTakerOptions): JsonCallReader {
  const { tools, isBare } = options;
  const scanner = createJsonScanner();
  const taker = createCallTaker(options);
  let call: CallObject | null = null;
  let open: JsonArguments | null = null;
  // Inside of `"tool_calls": […]`, or behind it.
  let isList = false;

  function readEvent(event: JsonEvent, unit: string): JsonVerdict {
    switch (event) {
      case 'open':
        if (call !== null) readOpening(call, unit);
        else if (unit === '{' && scanner.holder !== '{') call = createCallObject(scanner.depth);
        return 'undecided';
      case 'close':
        return readClosing();
      case 'colon':
        return call === null ? 'undecided' : readKey(call);
      case 'string':
        return call === null ? 'undecided' : readString(call);
      case 'comma':
      case 'none':
        return 'undecided';
      default:
        return event satisfies never;
    }
  }

  /** Whether the last key belongs to the call itself, and can still matter. */
  function isField({ fieldDepth, hasBegun }: CallObject): boolean {
    return scanner.depth === fieldDepth && !hasBegun;
  }

  function readKey(object: CallObject): JsonVerdict {
    object.isHeadKnown = true;
    if (!isField(object)) return 'undecided';
    if (object.name !== null && isArgumentsKey(scanner.key)) object.given = 'due';
    return isCallKey(scanner.key) ? 'undecided' : 'text';
  }

  function noteArguments(object: CallObject, unit: string): void {
    if (object.given !== 'due' || unit.trim() === '') return;
    object.given = unit === '{' || unit === '"' ? 'begun' : 'none';
  }

  function readString(object: CallObject): JsonVerdict {
    if (!isField(object)) return 'undecided';
    if (scanner.key === 'id') object.id = scanner.string || null;
    if (scanner.key !== 'name') return 'undecided';
    object.name = scanner.string;
    return object.name !== null && tools.has(object.name) ? 'undecided' : 'text';
  }

  function readOpening(object: CallObject, unit: string): void {
    const { name, id } = object;
    if (object.hasBegun || scanner.depth - 1 !== object.fieldDepth) return;
    if (unit === '[' && scanner.key === 'tool_calls') {
      isList = true;
      call = null;
    } else if (unit === '{' && scanner.key === 'function') {
      object.fieldDepth = scanner.depth;
    } else if (unit === '{' && scanner.key === 'arguments' && name !== null) {
      object.hasBegun = true;
      open = createJsonArguments(scanner, tools.typesOf(name), taker.begin(name, id));
    }
  }

  function readClosing(): JsonVerdict {
    if (call !== null && scanner.depth < call.depth) {
      const isCall = call.hasBegun || taker.takeAll(callsIn(parseWritableJson(call.text)));
      call = null;
      if (!isCall) return 'text';
    } else if (call !== null && scanner.depth < call.fieldDepth) {
      call.fieldDepth = call.depth;
    }
    if (!scanner.isComplete) return 'undecided';
    return taker.count > 0 ? 'complete' : 'text';
  }

  return {
    read(unit) {
      const event = scanner.read(unit);
      if (call !== null) call.text += unit;
      if (open !== null) {
        open.read(unit, event);
        if (open.isClosed) open = null;
        return 'undecided';
      }
      if (!scanner.isValid) {
        const mayBeCall = call === null ? taker.count > 0 : beginsLikeCall(call);
        return mayBeCall ? 'undecided' : 'text';
      }
      if (call === null && !isList && !'{[]}, \n\t\r'.includes(unit)) return 'text';
      if (call !== null) noteArguments(call, unit);
      return readEvent(event, unit);
    },
    close(unitsBehind) {
      if (call === null) return taker.count > 0;
      const { text, name, hasBegun } = call;
      const written = callsIn(repairJson(text.slice(0, text.length - unitsBehind)));
      if (!hasBegun) return taker.takeAll(written) || taker.count > 0;
      const [first, ...others] = written ?? [];
      const meant = first?.name === name && isRecord(first.arguments) ? first.arguments : null;
      if (meant === null) open?.closeBroken(unitsBehind);
      else open?.closeWith(meant);
      open = null;
      taker.takeAll(others);
      return meant !== null || !isBare;
    },
    cut() {
      open?.closeCut();
      open = null;
    },
    get calls() {
      return taker.count;
    },
    get isInArguments() {
      return open !== null;
    },
    get isBrokenBehindCall() {
      const isBehindCall = call === null ? taker.count > 0 : call.hasBegun && open === null;
      return isBehindCall && !scanner.isValid;
    },
    get isCertain() {
      return isList || call?.hasBegun === true;
    },
    get isRecognized() {
      return taker.count > 0 || call?.given === 'begun';
    },
    get isBroken() {
      return !scanner.isValid;
    },
    get isBalanced() {
      return scanner.isComplete;
    },
    get isStringOpen() {
      return scanner.isStringOpen;
    },
  };
}

function createCallObject(depth: number): CallObject {
  const start = { text: '{', depth, fieldDepth: depth };
  return { ...start, isHeadKnown: false, name: null, id: null, given: 'none', hasBegun: false };
}

/** Whether an object that is no JSON may be a call all the same, as far as it goes. */
function beginsLikeCall(object: CallObject): boolean {
  if (object.hasBegun || object.isHeadKnown) return true;
  const [head = '', beginning = ''] = BROKEN_HEAD.exec(object.text) ?? [];
  if (head.length === object.text.length) return isCallKeyPrefix(beginning);
  object.isHeadKnown = isCallKey(beginning);
  return object.isHeadKnown;
}
