/** The API as an address to call, and how to get there. */
export interface ApiSite {
  /** What stands before `/chat/completions`. */
  baseUrl: string;
  /** null = straight. */
  proxyUrl: string | null;
}
