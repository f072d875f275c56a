import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';

/**
 * Asks for JSON. Z.ai knows no schemas, so that the prompt has it; other servers take it as it is.
 *
 * Never beside functions: a server that lets the model write nothing but JSON lets it make no call.
 * Then the prompt alone asks.
 */
export function buildFormat(
  { json, tools }: Pick<UpstreamRequest, 'json' | 'tools'>,
  dialect: ApiDialect,
): Record<string, unknown> {
  if (json === null || tools !== null) return {};
  if (json.schema === null || dialect === 'zai') {
    return { response_format: { type: 'json_object' } };
  }
  const json_schema = { name: 'reply', schema: json.schema };
  return { response_format: { type: 'json_schema', json_schema } };
}

/** Whether the prompt has to say what `response_format` can't. */
export function needsJsonPrompt(
  { json, tools }: Pick<UpstreamRequest, 'json' | 'tools'>,
  dialect: ApiDialect,
): boolean {
  if (json === null) return false;
  return tools !== null || (dialect === 'zai' && json.schema !== null);
}
