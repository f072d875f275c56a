import type { Credential } from '../credentials/credential.ts';
import { RecentMap } from '../lib/recent-map.ts';
import { SharedCalls } from '../lib/shared-calls.ts';
import type { Image } from '../upstream/images/image.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import type { UploadedImage, Uploader } from '../upstream/zai-web/upload-image.ts';
import { upstreamFailure } from '../upstream-failure.ts';
import type { LoadedImage } from './load-images.ts';

export interface ImageUploadsOptions {
  /** Rejects only when the signal aborts. */
  upload(
    uploader: Uploader,
    image: Image,
    signal: AbortSignal,
  ): Promise<UpstreamResult<UploadedImage>>;
  /** The longest one upload may take. */
  timeoutMs: number;
}

/** Whose upload it is. */
export type ImageOwner = Uploader & Pick<Credential, 'id'>;

/** An upload, and whether it was made for an earlier attempt: then the service may have lost it. */
export interface Upload {
  image: UploadedImage;
  isOld: boolean;
}

/** How many uploads are remembered; one is about 1 kB. */
const REMEMBERED = 1_000;

/**
 * Uploads each image once for each credential, however many chats have it, at the same time or one
 * after the other (a client sends an image again with every turn of its conversation). Images are
 * told apart by their hash; their bytes are not kept.
 */
export class ImageUploads {
  readonly #options: ImageUploadsOptions;
  readonly #remembered = new RecentMap<string, UploadedImage>(REMEMBERED);
  readonly #underWay = new SharedCalls<UpstreamResult<UploadedImage>>();

  constructor(options: ImageUploadsOptions) {
    this.#options = options;
  }

  /** Rejects only when `signal` aborts, with its reason; the upload goes on if others wait for it. */
  async upload(
    image: LoadedImage,
    owner: ImageOwner,
    signal: AbortSignal,
  ): Promise<UpstreamResult<Upload>> {
    const key = keyOf(image, owner);
    const known = this.#remembered.get(key);
    if (known !== undefined) return { ok: true, value: { image: known, isOld: true } };
    const start = (abandoned: AbortSignal) => this.#upload(image, owner, abandoned);
    const uploaded = await this.#underWay.join(key, start, signal);
    return uploaded.ok ? { ok: true, value: { image: uploaded.value, isOld: false } } : uploaded;
  }

  /** The next chat with this image uploads it anew. */
  forget(image: LoadedImage, owner: Pick<ImageOwner, 'id'>): void {
    this.#remembered.delete(keyOf(image, owner));
  }

  async #upload(
    image: LoadedImage,
    owner: ImageOwner,
    abandoned: AbortSignal,
  ): Promise<UpstreamResult<UploadedImage>> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      const signal = AbortSignal.any([abandoned, timeout]);
      const uploaded = await this.#options.upload(owner, image, signal);
      if (uploaded.ok) this.#remembered.set(keyOf(image, owner), uploaded.value);
      return uploaded;
    } catch (error) {
      if (!timeout.aborted || abandoned.aborted) throw error;
      const message = `Z.ai did not take an image within ${this.#options.timeoutMs / 1000} s.`;
      return { ok: false, failure: upstreamFailure('first-byte-timeout', message) };
    }
  }
}

function keyOf({ hash }: LoadedImage, { id }: Pick<ImageOwner, 'id'>): string {
  return `${id} ${hash}`;
}
