import type { WebExchange } from '../upstream/upstream-request.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import type { UploadedImage } from '../upstream/zai-web/upload-image.ts';
import type { UpstreamFailure, UpstreamFailureKind } from '../upstream-failure.ts';
import { fillPlaces } from './image-places.ts';
import type { ImageOwner, ImageUploads } from './image-uploads.ts';
import type { LoadedImage } from './load-images.ts';

/**
 * What the service may answer when it has lost an image that it was given. It has no known code for
 * that: an id that leads nowhere is reported to end in an internal error.
 */
const MAY_MEAN_LOST: ReadonlySet<UpstreamFailureKind> = new Set(['bad-request', 'unavailable']);

/** The images of one chat, through all its attempts. */
export class AttachedImages {
  readonly #images: readonly LoadedImage[];
  readonly #uploads: ImageUploads;
  /** Of the last attempt: what it took from earlier ones, and whose that is. */
  #reused: { owner: ImageOwner; images: LoadedImage[] } | null = null;

  constructor(images: readonly LoadedImage[], uploads: ImageUploads) {
    this.#images = images;
    this.#uploads = uploads;
  }

  /**
   * The exchange with the images in it, uploaded for its credential one after the other. Rejects only
   * when `signal` aborts, with its reason.
   */
  async attach(
    exchange: WebExchange,
    credentialId: string,
    signal: AbortSignal,
  ): Promise<UpstreamResult<WebExchange>> {
    this.#reused = null;
    if (this.#images.length === 0) return { ok: true, value: exchange };
    const { feVersion, credential, request } = exchange;
    const owner = { id: credentialId, secret: credential.secret, feVersion };
    const reused: LoadedImage[] = [];
    const byHash = new Map<string, UploadedImage>();
    for (const image of this.#images) {
      if (byHash.has(image.hash)) continue;
      const upload = await this.#uploads.upload(image, owner, signal);
      if (!upload.ok) return upload;
      if (upload.value.isOld) reused.push(image);
      byHash.set(image.hash, upload.value.image);
    }
    this.#reused = reused.length > 0 ? { owner, images: reused } : null;
    const ids = new Map(this.#images.map(({ place, hash }) => [place, byHash.get(hash)?.id ?? '']));
    const messages = fillPlaces(request.messages, ids);
    const images = [...byHash.values()];
    return { ok: true, value: { ...exchange, request: { ...request, messages }, images } };
  }

  /**
   * Takes note of how the last attempt failed. True when that may be for an upload that the service
   * has lost: it is forgotten, and the next attempt makes it anew.
   */
  forgetLost({ kind }: UpstreamFailure): boolean {
    const reused = this.#reused;
    if (reused === null || !MAY_MEAN_LOST.has(kind)) return false;
    for (const image of reused.images) this.#uploads.forget(image, reused.owner);
    return true;
  }
}
