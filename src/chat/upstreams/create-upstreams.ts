import { ApiUpstream } from './api-upstream.ts';
import { configuredUpstreams } from './configured-upstreams.ts';
import { WebUpstream, type WebUpstreamOptions } from './web-upstream.ts';

/** The upstreams that the settings name. */
export interface Upstreams extends AsyncDisposable {
  /** In order of preference; at least one. */
  readonly inOrder: readonly (WebUpstream | ApiUpstream)[];
  /** null when it is none of them. */
  readonly web: WebUpstream | null;
  readonly api: ApiUpstream | null;
}

/** @throws SQLite's errors */
export function createUpstreams(options: WebUpstreamOptions): Upstreams {
  const closing = new AsyncDisposableStack();
  const ids = configuredUpstreams(options.config);
  const web = ids.includes('zai-web') ? closing.use(new WebUpstream(options)) : null;
  const api = ids.includes('zai-api') ? closing.use(new ApiUpstream(options)) : null;
  const byId = { 'zai-web': web, 'zai-api': api };
  return {
    inOrder: ids.flatMap((id) => byId[id] ?? []),
    web,
    api,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
