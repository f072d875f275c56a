import { isRecord } from '../../lib/is-record.ts';

/** A call as a model wrote it in JSON. */
export interface WrittenCall {
  /** null when it gave none. */
  id: string | null;
  name: string;
  /** An object, or its JSON as a string; undefined when there are none. */
  arguments: unknown;
}

/** What models call the arguments of a call, most usual first. */
const ARGUMENT_KEYS: readonly string[] = ['arguments', 'parameters', 'input', 'args'];

const CALL_KEYS: readonly string[] = [
  ...ARGUMENT_KEYS,
  ...['tool_calls', 'id', 'type', 'index', 'name', 'function'],
];

/** Whether a call's arguments are called so. */
export function isArgumentsKey(key: string): boolean {
  return ARGUMENT_KEYS.includes(key);
}

/** Whether a call, or a list of calls, has such a member. */
export function isCallKey(key: string): boolean {
  return CALL_KEYS.includes(key);
}

/** Whether the key of such a member begins like this. */
export function isCallKeyPrefix(beginning: string): boolean {
  return CALL_KEYS.some((key) => key.startsWith(beginning));
}

/**
 * The calls that a JSON value is: one, a list of them, or `{"tool_calls": […]}`, each in OpenAI's
 * shape (`{"id","type","function":{"name","arguments"}}`) or flat (`{"id","name","arguments"}`).
 * null when something in it is no call.
 */
export function callsIn(value: unknown): WrittenCall[] | null {
  if (isRecord(value) && Array.isArray(value.tool_calls)) return callsIn(value.tool_calls);
  const calls = (Array.isArray(value) ? value : [value]).map(callIn);
  return calls.every((call) => call !== null) && calls.length > 0 ? calls : null;
}

function callIn(value: unknown): WrittenCall | null {
  if (!isRecord(value)) return null;
  const called = isRecord(value.function) ? value.function : value;
  if (typeof called.name !== 'string') return null;
  const key = ARGUMENT_KEYS.find((candidate) => candidate in called);
  return {
    id: typeof value.id === 'string' && value.id !== '' ? value.id : null,
    name: called.name,
    arguments: key === undefined ? undefined : called[key],
  };
}

/**
 * Whether a call could as well be the definition of a function, which has the JSON schema of its
 * arguments where others have their values.
 */
export function looksLikeDefinition({ arguments: given }: WrittenCall): boolean {
  return isRecord(given) && given.type === 'object' && isRecord(given.properties);
}
