/** `zai-web`: the wire of the web chat. `zai-api`: the official API, or any OpenAI-compatible server. */
export const UPSTREAM_IDS = ['zai-web', 'zai-api'] as const;

/** One of the upstreams that requests can go to. */
export type UpstreamId = (typeof UPSTREAM_IDS)[number];
