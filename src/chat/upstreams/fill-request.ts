import type { Config } from '../../config/settings.ts';
import type { UpstreamRequest } from '../../upstream/upstream-request.ts';
import type { PlannedRequest } from '../plan-chat.ts';

/**
 * What an upstream is asked, tools included: in its own fields or as text, as the setting
 * `TOOL_MODE` says, which may leave it to `knowsTools`.
 */
export function fillRequest(
  planned: PlannedRequest,
  knowsTools: boolean,
  mode: Config['toolMode'],
): UpstreamRequest {
  const known = knowsTools ? 'native' : 'prompt';
  const delivery = mode === 'auto' ? known : mode;
  return { ...planned, tools: planned.tools && { ...planned.tools, delivery }, reminder: null };
}
