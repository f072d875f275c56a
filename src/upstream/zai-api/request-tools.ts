import type { ToolDefinition } from '../../convert/reply-rules.ts';
import { describeTool } from '../prompt/tool-prompt.ts';
import type { ApiExchange, OfferedTools, UpstreamRequest } from '../upstream-request.ts';

/** Z.ai searches by itself; what it found comes with the reply. */
const WEB_SEARCH = { type: 'web_search', web_search: { enable: true, search_result: true } };

/** OpenAI lets a function without arguments leave them out; Z.ai wants them described. */
const NO_PARAMETERS = { type: 'object', properties: {} };

/**
 * The functions, and on Z.ai the web search, which is a tool there. Functions that the messages teach
 * as text are not sent here.
 */
export function buildTools(
  { tools, webSearch }: UpstreamRequest,
  model: ApiExchange['model'],
): Record<string, unknown> {
  const native = tools?.delivery === 'native' ? tools : null;
  const functions = native?.tools.map(describeFunction) ?? [];
  if (model.dialect === 'openai-compatible') {
    return native === null ? {} : { tools: functions, ...buildChoice(native) };
  }
  const offered = webSearch ? [...functions, WEB_SEARCH] : functions;
  return {
    ...(offered.length > 0 && { tools: offered }),
    // The only choice that Z.ai has; a stricter one is told in the messages.
    ...(native !== null && { tool_choice: 'auto' }),
    ...(native !== null && model.toolStream && { tool_stream: true }),
  };
}

function describeFunction(tool: ToolDefinition): object {
  return describeTool({ ...tool, parameters: tool.parameters ?? NO_PARAMETERS });
}

function buildChoice({ choice, parallel }: OfferedTools): Record<string, unknown> {
  return {
    tool_choice:
      typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } },
    ...(!parallel && { parallel_tool_calls: false }),
  };
}
