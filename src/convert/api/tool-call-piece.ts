import { isRecord } from '../../lib/is-record.ts';

/** What one delta says of one call. Servers differ in what they leave out, and what they repeat. */
export interface ToolCallPiece {
  /** The call's place among the reply's; null = not said. */
  index: number | null;
  /** Opaque: the official API counts below zero, others write what they like. */
  id: string | null;
  name: string | null;
  /** JSON text, or the next piece of one. */
  arguments: string;
}

const NONE: readonly ToolCallPiece[] = [];

/** The pieces in a delta's `tool_calls`. Calls of another type than functions are not for clients. */
export function decodeToolCallPieces(calls: unknown): readonly ToolCallPiece[] {
  if (calls === undefined || calls === null) return NONE;
  return (Array.isArray(calls) ? calls : [calls]).flatMap(readPiece);
}

function readPiece(call: unknown): ToolCallPiece[] {
  if (!isRecord(call) || (filled(call.type) ?? 'function') !== 'function') return [];
  const called = isRecord(call.function) ? call.function : {};
  return [
    {
      index: Number.isSafeInteger(call.index) ? (call.index as number) : null,
      id: filled(call.id),
      name: filled(called.name),
      arguments: argumentsText(called.arguments),
    },
  ];
}

/** Some servers send whole arguments as the object that they are to be the text of. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) ? JSON.stringify(value) : '';
}

function filled(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
