import type { ImageNetwork } from '../upstream/images/open-image.ts';
import type { ImageSource } from './image-places.ts';
import { type LoadedImage, loadImages } from './load-images.ts';

/**
 * The images of one chat, loaded when the first upstream asks for their bytes and once only,
 * however many attempts and choices follow.
 */
export class ChatImages {
  readonly sources: readonly ImageSource[];
  readonly #signal: AbortSignal;
  #loading: Promise<LoadedImage[]> | null = null;

  /** @param signal of the chat: aborts the loading. */
  constructor(sources: readonly ImageSource[], signal: AbortSignal) {
    this.sources = sources;
    this.#signal = signal;
  }

  /** Rejects as `loadImages` does. */
  load(network: ImageNetwork): Promise<readonly LoadedImage[]> {
    this.#loading ??= loadImages(this.sources, { network }, this.#signal);
    return this.#loading;
  }
}
