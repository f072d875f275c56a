import type { ApiDialect } from '../upstream-request.ts';

/** The official API, international and mainland, each with its general and its coding base URL. */
const ZAI_HOSTS: ReadonlySet<string> = new Set(['api.z.ai', 'open.bigmodel.cn']);

/** Which dialect is spoken at a base URL. */
export function dialectOf(baseUrl: string): ApiDialect {
  return ZAI_HOSTS.has(new URL(baseUrl).hostname) ? 'zai' : 'openai-compatible';
}
