import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file that a page loads. */
export interface PageAsset {
  respond(request: Request): Promise<Response>;
}

interface PackedAsset {
  etag: string;
  packed: Uint8Array<ArrayBuffer>;
}

const pack = promisify(gzip);

/**
 * Serves a file with a validator, packed for those who take it. It is read and packed when it is
 * first asked for, off this thread; what stays in memory is the packed form.
 */
export function createPageAsset(
  type: string,
  read: () => Promise<Uint8Array<ArrayBuffer>>,
): PageAsset {
  let prepared: Promise<PackedAsset> | null = null;

  async function prepare(): Promise<PackedAsset> {
    const plain = await read();
    const etag = `"${Bun.hash(plain).toString(36)}"`;
    return { etag, packed: new Uint8Array(await pack(plain, { level: 9 })) };
  }

  return {
    async respond({ headers }) {
      prepared ??= prepare();
      const { etag, packed } = await prepared;
      const common = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
      if (headers.get('if-none-match')?.includes(etag)) {
        return new Response(null, { status: 304, headers: common });
      }
      const described = { ...common, 'content-type': type, 'x-content-type-options': 'nosniff' };
      if (!headers.get('accept-encoding')?.includes('gzip')) {
        return new Response(await read(), { headers: described });
      }
      return new Response(packed, { headers: { ...described, 'content-encoding': 'gzip' } });
    },
  };
}
