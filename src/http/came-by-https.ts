/**
 * Whether the client came by https: here, or, where `X-Forwarded-Proto` is to be believed, to the
 * proxy that is nearest to it.
 */
export function cameByHttps({ url, headers }: Request, trustProxy: boolean): boolean {
  const forwarded = trustProxy ? headers.get('x-forwarded-proto') : null;
  const protocol = forwarded?.split(',', 1)[0]?.trim().toLowerCase() ?? new URL(url).protocol;
  return protocol === 'https' || protocol === 'https:';
}
