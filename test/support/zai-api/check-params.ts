import type { ServedModel } from './models.ts';
import { type Fault, invalid, isObject, missing, unknownFields } from './request-fault.ts';

type Body = Record<string, unknown>;

/** Every parameter of the vendor's reference, and what may stand in it. */
const PARAMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: isFilled,
  messages: Array.isArray,
  stream: (value) => value === true,
  stream_options: isObject,
  temperature: (value) => isBetween(value, 0, 1),
  top_p: (value) => isBetween(value, 0.01, 1),
  do_sample: isBoolean,
  max_tokens: (value) => Number.isInteger(value) && Number(value) >= 1,
  stop: (value) => Array.isArray(value) && value.length === 1 && isFilled(value[0]),
  thinking: isThinking,
  tools: (value) => Array.isArray(value) && value.length > 0 && value.length <= 128,
  tool_choice: (value) => value === 'auto',
  tool_stream: isBoolean,
  response_format: (value) =>
    isClosed(value, ['type']) && ['text', 'json_object'].includes(String(value.type)),
  user_id: (value) => isFilled(value) && value.length >= 6 && value.length <= 128,
  request_id: (value) => isFilled(value) && value.length >= 6 && value.length <= 64,
};

/** What is wrong with a body's parameters, the messages apart. */
export function* paramFaults(body: Body, model: ServedModel | undefined): Generator<Fault> {
  for (const name of ['model', 'messages', 'stream']) {
    if (body[name] === undefined) yield missing(name);
  }
  yield* unknownFields(body, Object.keys(PARAMS), '');
  for (const [name, accepts] of Object.entries(PARAMS)) {
    const value = body[name];
    if (value !== undefined && !accepts(value)) yield invalid(name, 'can not be so');
  }
  if (body.tool_stream === true && model?.toolStream === false) {
    yield invalid('tool_stream', `is not known to ${model.id}`);
  }
  yield* toolFaults(body);
}

function* toolFaults({ tools, tool_choice, tool_stream }: Body): Generator<Fault> {
  const list = Array.isArray(tools) ? tools : [];
  for (const [index, tool] of list.entries()) {
    if (!isObject(tool)) yield invalid(`tools.${index}`, 'is no object');
    else if (tool.type === 'web_search') yield* searchFaults(tool, `tools.${index}.`);
    else if (tool.type === 'function') yield* functionFaults(tool, `tools.${index}.`);
    else yield invalid(`tools.${index}.type`, 'is not known');
  }
  const hasFunction = list.some((tool) => isObject(tool) && tool.type === 'function');
  if (hasFunction) return;
  if (tool_choice !== undefined) yield invalid('tool_choice', 'comes without a function');
  if (tool_stream !== undefined) yield invalid('tool_stream', 'comes without a function');
}

function* searchFaults(tool: Body, place: string): Generator<Fault> {
  yield* unknownFields(tool, ['type', 'web_search'], place);
  const { web_search: search } = tool;
  if (!isObject(search) || !isBoolean(search.enable)) yield missing(`${place}web_search.enable`);
}

function* functionFaults(tool: Body, place: string): Generator<Fault> {
  yield* unknownFields(tool, ['type', 'function'], place);
  const { function: definition } = tool;
  if (!isObject(definition)) return yield missing(`${place}function`);
  const inner = `${place}function.`;
  yield* unknownFields(definition, ['name', 'description', 'parameters'], inner);
  const { name, description, parameters } = definition;
  if (!isFilled(name) || !/^[\w.-]{1,64}$/.test(name)) yield invalid(`${inner}name`, 'is no name');
  if (description !== undefined && typeof description !== 'string') {
    yield invalid(`${inner}description`, 'is no text');
  }
  if (!isObject(parameters)) yield missing(`${inner}parameters`);
}

function isThinking(value: unknown): boolean {
  if (!isClosed(value, ['type', 'clear_thinking'])) return false;
  const { type, clear_thinking: clear } = value;
  const isKnown = type === 'enabled' || type === 'disabled';
  return isKnown && (clear === undefined || isBoolean(clear));
}

function isClosed(value: unknown, known: readonly string[]): value is Body {
  return isObject(value) && Object.keys(value).every((name) => known.includes(name));
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
