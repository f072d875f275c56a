import type { Config } from '../../config/settings.ts';
import { proxyFor } from '../../lib/proxy-for.ts';
import type { ApiDialect } from '../../upstream/upstream-request.ts';
import { dialectOf } from '../../upstream/zai-api/api-dialect.ts';
import type { ApiSite } from '../../upstream/zai-api/api-site.ts';
import type { WebSite } from '../../upstream/zai-web/web-site.ts';
import type { UpstreamId } from '../../upstream-id.ts';

/** Where an operator's tokens are looked for when no setting says where. */
export const DEFAULT_TOKENS_FILE = 'tokens.txt';

/** The upstreams in order of preference. The paid route first: who has a key for it wants it used. */
export function configuredUpstreams({ upstreams, zaiApiKeys }: Config): readonly UpstreamId[] {
  return upstreams ?? (zaiApiKeys.length > 0 ? ['zai-api', 'zai-web'] : ['zai-web']);
}

/** Where the web chat is, and how to get there. */
export function configuredWebSite(config: Config): WebSite {
  const baseUrl = new URL(config.apiEndpoint).origin;
  return { baseUrl, userAgent: config.zaiUserAgent, proxyUrl: proxyFor(baseUrl, config) };
}

/** Where the API is, and how to get there. */
export function configuredApiSite(config: Config): ApiSite {
  const { zaiApiBaseUrl: baseUrl } = config;
  return { baseUrl, proxyUrl: proxyFor(baseUrl, config) };
}

/** What is spoken there. */
export function configuredDialect({ zaiApiBaseUrl, zaiApiDialect }: Config): ApiDialect {
  return zaiApiDialect === 'auto' ? dialectOf(zaiApiBaseUrl) : zaiApiDialect;
}

/** The secrets that the API is asked with: '' where a server of one's own is asked for without any. */
export function configuredApiKeys(config: Config): readonly string[] {
  const needsKey = configuredDialect(config) === 'zai';
  return config.zaiApiKeys.length === 0 && !needsKey ? [''] : config.zaiApiKeys;
}
