import packageJson from '../../../package.json' with { type: 'json' };

/**
 * The headers of every call.
 *
 * @param secret the key; '' = without one, since a server of one's own may ask for none.
 */
export function apiHeaders(secret: string): Record<string, string> {
  return {
    // Z.ai words its errors in Chinese otherwise.
    'Accept-Language': 'en-US,en',
    ...(secret !== '' && { Authorization: `Bearer ${secret}` }),
    'User-Agent': `glm-gateway/${packageJson.version}`,
  };
}
