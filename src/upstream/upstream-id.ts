/** `zai-web`: the wire of the web chat. `zai-api`: the official API, or any OpenAI-compatible server. */
export type UpstreamId = 'zai-web' | 'zai-api';
