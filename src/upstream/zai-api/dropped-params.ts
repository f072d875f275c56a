import type { ChatCompletionRequest } from '../../openai/chat-request.ts';
import { isSearchTool, type Tool } from '../../openai/chat-tools.ts';
import type { ApiDialect } from '../upstream-request.ts';
import { takesUser } from './request-user.ts';

/** What this upstream honours of what no upstream has to. */
const HONOURED: Readonly<Record<ApiDialect, readonly string[]>> = {
  zai: ['do_sample', 'thinking.clear_thinking'],
  'openai-compatible': [
    'do_sample',
    'frequency_penalty',
    'presence_penalty',
    'seed',
    'thinking.clear_thinking',
  ],
};

/**
 * Names the parameters that the request sets and this upstream does not honour, for the response
 * header `x-dropped-params`: those that `droppedParams` names for every upstream, without those that
 * this one takes, and with those that it alone leaves out. Sorted.
 */
export function apiDroppedParams(
  request: ChatCompletionRequest,
  dropped: readonly string[],
  dialect: ApiDialect,
): string[] {
  const honoured = new Set([...HONOURED[dialect], ...honouredUser(request, dialect)]);
  const names = new Set(dropped.filter((name) => !honoured.has(name)));
  for (const name of leftOut(request, dialect)) names.add(name);
  return [...names].sort();
}

/** Of Z.ai's name for it and OpenAI's, the first that is set counts. */
function honouredUser({ user_id, user }: ChatCompletionRequest, dialect: ApiDialect): string[] {
  const counting = user_id ?? user ?? '';
  if (!takesUser(counting, dialect)) return [];
  return [user_id === counting ? 'user_id' : 'user'];
}

function* leftOut(request: ChatCompletionRequest, dialect: ApiDialect): Generator<string> {
  const { messages, tools, web_search, web_search_options } = request;
  if (tools?.some(isStrict)) yield 'tools.function.strict';
  if (dialect === 'zai') {
    if (messages.some(({ role, name }) => name && role !== 'tool' && role !== 'function')) {
      yield 'messages.name';
    }
    return;
  }
  // There is nobody who would search.
  if (web_search) yield 'web_search';
  if (web_search_options) yield 'web_search_options';
  if (tools?.some(isSearchTool)) yield 'tools.web_search';
}

/** `strict`: arguments that are certain to be valid against their schema. */
function isStrict({ function: definition }: Tool): boolean {
  return Boolean(definition && 'strict' in definition && definition.strict);
}
