import type { Credential } from '../../credentials/credential.ts';
import { orAbort } from '../../lib/or-abort.ts';
import type { NextStep } from '../../upstream/failure-verdict.ts';
import type { ImageNetwork } from '../../upstream/images/open-image.ts';
import type { WebExchange } from '../../upstream/upstream-request.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';
import type { FeVersion } from '../../upstream/zai-web/fe-version.ts';
import type { UpstreamFailure } from '../../upstream-failure.ts';
import { AttachedImages } from '../attached-images.ts';
import type { ChatImages } from '../chat-images.ts';
import type { ImageUploads } from '../image-uploads.ts';
import type { UpstreamVisit } from './upstream.ts';

/** What is the same for every attempt of a choice. */
type Ask = Pick<WebExchange, 'model' | 'request'>;

/** What visits need of their upstream. */
export interface WebVisitOptions {
  upstream: UpstreamVisit['upstream'];
  /** What is the same for every exchange. */
  exchange: Omit<WebExchange, keyof Ask | 'credential' | 'feVersion' | 'images'>;
  feVersion: Pick<FeVersion, 'current' | 'refresh'>;
  network: ImageNetwork;
  uploads: ImageUploads;
  droppedParams: readonly string[];
}

/** A visit to the web chat: claims a front-end version, and uploads images for each credential. */
export class WebVisit implements UpstreamVisit {
  readonly upstream: UpstreamVisit['upstream'];
  readonly wish: UpstreamVisit['wish'];
  readonly droppedParams: readonly string[];
  readonly #options: WebVisitOptions;
  readonly #ask: Ask;
  readonly #images: ChatImages;
  #attached: AttachedImages | null = null;
  #claimed = '';

  constructor(options: WebVisitOptions, ask: Ask, images: ChatImages) {
    this.upstream = options.upstream;
    // The service takes images from accounts only.
    const need = images.sources.length > 0 ? 'account' : 'any';
    this.wish = { model: ask.model.upstreamId, need };
    this.droppedParams = options.droppedParams;
    this.#options = options;
    this.#ask = ask;
    this.#images = images;
  }

  async prepare(
    { id, secret, userId }: Credential,
    reminder: string | null,
    signal: AbortSignal,
  ): Promise<UpstreamResult<WebExchange>> {
    const { exchange, feVersion } = this.#options;
    this.#claimed = await feVersion.current();
    const complete: WebExchange = {
      ...exchange,
      model: this.#ask.model,
      request: { ...this.#ask.request, reminder },
      credential: { secret, userId },
      feVersion: this.#claimed,
      images: [],
    };
    const attached = await orAbort(this.#attach(), signal);
    return attached.attach(complete, id, signal);
  }

  async reconsider(failure: UpstreamFailure, step: NextStep): Promise<NextStep> {
    const mayHaveLostImages = this.#attached?.forgetLost(failure) ?? false;
    if (mayHaveLostImages && step === 'give-up') return 'back-off';
    if (failure.kind !== 'client-outdated') return step;
    // Claiming the same version again would bring the same answer.
    const isNew = (await this.#options.feVersion.refresh(this.#claimed)) !== this.#claimed;
    return isNew ? 'again' : step;
  }

  async #attach(): Promise<AttachedImages> {
    const { network, uploads } = this.#options;
    this.#attached ??= new AttachedImages(await this.#images.load(network), uploads);
    return this.#attached;
  }
}
