import { parseJson } from '../../lib/parse-json.ts';
import type { PartSink } from '../part.ts';
import { createCallId, createCallIds } from '../tool-calls/call-id.ts';
import type { ToolCallPiece } from './tool-call-piece.ts';
import { createWholeCharacters, type WholeCharacters } from './whole-characters.ts';

/**
 * Makes calls of their pieces. A piece belongs to the latest call of its index; without an index to
 * that of its id, and without either to the latest. It begins a new call when there is none, or when
 * its name shows that it means another one:
 *
 * | the piece names a function, and | seen of servers that |
 * | --- | --- |
 * | it has another id than the call | give all parallel calls the index 0 |
 * | it is another function | have no ids |
 * | the call is complete, and other arguments begin | have neither ids nor indexes |
 *
 * So an id, a type or a name that every piece repeats begins nothing, and a call that is sent once
 * more when it is whole says nothing new. Ids are kept as they are; a call that has none, or one that
 * another call has already, gets one.
 */
export interface ToolCallAssembly {
  accept(pieces: readonly ToolCallPiece[]): void;
  /** How many calls there are, which is the index of the next. */
  readonly count: number;
}

interface OpenCall {
  readonly place: number | null;
  id: string | null;
  /** null until a piece has named the function; until then nobody has heard of the call. */
  name: string | null;
  index: number;
  text: string;
  readonly characters: WholeCharacters;
}

/** Makes an assembly without calls. @param createId makes the ids of calls that came without. */
export function createToolCallAssembly(
  onPart: PartSink,
  createId: () => string = createCallId,
): ToolCallAssembly {
  const known: OpenCall[] = [];
  const ids = createCallIds(createId);
  let count = 0;

  function take(piece: ToolCallPiece): void {
    const call = findCall(piece) ?? open(piece);
    if (repeats(call, piece)) return;
    call.id ??= piece.id;
    call.text += piece.arguments;
    if (call.name !== null) send(call, piece.arguments);
    else if (piece.name !== null) start(call, piece.name);
  }

  function findCall(piece: ToolCallPiece): OpenCall | undefined {
    const call = candidate(piece);
    return call !== undefined && meansAnother(call, piece) ? undefined : call;
  }

  function candidate({ index, id }: ToolCallPiece): OpenCall | undefined {
    if (index !== null) return known.findLast((call) => call.place === index) ?? placeless(id);
    if (id !== null) return known.findLast((call) => call.id === id) ?? known.at(-1);
    return known.at(-1);
  }

  /** A call that an earlier piece began without telling its place. */
  function placeless(id: string | null): OpenCall | undefined {
    return id === null
      ? undefined
      : known.findLast((call) => call.place === null && call.id === id);
  }

  function open({ index, id }: ToolCallPiece): OpenCall {
    const characters = createWholeCharacters();
    const call = { place: index, id, name: null, index: -1, text: '', characters };
    known.push(call);
    return call;
  }

  function start(call: OpenCall, name: string): void {
    call.name = name;
    call.index = count;
    count += 1;
    onPart({ type: 'tool-call-start', index: call.index, id: ids.claim(call.id), name });
    send(call, call.text);
  }

  function send({ index, characters }: OpenCall, piece: string): void {
    const text = characters.take(piece);
    if (text !== '') onPart({ type: 'tool-call-delta', index, arguments: text });
  }

  return {
    accept: (pieces) => pieces.forEach(take),
    get count() {
      return count;
    },
  };
}

function meansAnother(call: OpenCall, { id, name, arguments: text }: ToolCallPiece): boolean {
  if (name === null || call.name === null) return false;
  if (id !== null && call.id !== null) return id !== call.id;
  if (name !== call.name) return true;
  return text !== call.text && text.startsWith('{') && isJson(call.text);
}

function repeats(call: OpenCall, piece: ToolCallPiece): boolean {
  return piece.name !== null && piece.arguments === call.text && isJson(call.text);
}

function isJson(text: string): boolean {
  // Nearly always no, and then without reading all of it for every piece.
  return text.endsWith('}') && parseJson(text) !== undefined;
}
