import { parseJson } from '../../lib/parse-json.ts';
import type { RevisableCalls } from '../revisable/revisable-calls.ts';
import type { WebToolCall } from './web-tool-calls.ts';

/**
 * Puts the pieces of calls together that came in fields of frames. Which call a piece belongs to is
 * told by its id, and by its index where two calls share one; without an id by its index, of the calls
 * that had it the latest; without either it is the latest call's. A piece with a name and an id, or a
 * place, that is new begins a call; so does one with the id of a call of another function.
 */
export interface ToolCallFields {
  accept(pieces: readonly WebToolCall[]): void;
}

interface FieldCall {
  id: string | null;
  name: string;
  index: number | null;
  /** null when the call is not the client's, or has come another way. */
  target: number | null;
  text: string;
}

/** Makes the assembly of one reply's calls. @param toolNames the functions of the client. */
export function createToolCallFields(
  toolNames: ReadonlySet<string>,
  calls: Pick<RevisableCalls, 'start' | 'appendTo'>,
): ToolCallFields {
  const known: FieldCall[] = [];

  function take(piece: WebToolCall): void {
    const call = findCall(piece) ?? begin(piece);
    if (call === null || repeats(call, piece)) return;
    call.text += piece.arguments;
    if (call.target !== null) calls.appendTo(call.target, piece.arguments);
  }

  function findCall({ id, index, name }: WebToolCall): FieldCall | undefined {
    const byId = id === null ? undefined : findById(id, index, name);
    if (byId !== undefined) return byId;
    const latest = known.findLast((call) => index === null || call.index === index);
    if (latest === undefined || name === null) return latest;
    // Some services repeat the name with every piece: then it is the same call until its JSON ends.
    const isSame = id === null && latest.name === name && !isJson(latest.text);
    return isSame ? latest : undefined;
  }

  function findById(id: string, index: number | null, name: string | null): FieldCall | undefined {
    const named = known.filter((call) => call.id === id && (name === null || call.name === name));
    return named.findLast((call) => call.index === index) ?? named.at(-1);
  }

  function begin({ id, index, name, mayBeInternal }: WebToolCall): FieldCall | null {
    if (name === null) return null;
    const isOurs = toolNames.has(name) || !mayBeInternal;
    const target = isOurs ? calls.start(id, name) : null;
    const call = { id, name, index, target, text: '' };
    known.push(call);
    return call;
  }

  return { accept: (pieces) => pieces.forEach(take) };
}

/** A call that comes once more, whole, says nothing new. */
function repeats(call: FieldCall, piece: WebToolCall): boolean {
  return piece.name !== null && call.text !== '' && isJson(call.text);
}

function isJson(text: string): boolean {
  // Nearly always no, and then without reading all of it for every piece.
  return text.endsWith('}') && parseJson(text) !== undefined;
}
