import type { Database } from 'bun:sqlite';
import type { Config } from '../../config/settings.ts';
import type { Logger } from '../../lib/log.ts';
import { proxyFor } from '../../lib/proxy-for.ts';
import { type ImageNetwork, publicNetwork } from '../../upstream/images/open-image.ts';
import type { LiveModel } from '../../upstream/live-model.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';
import { FeVersion } from '../../upstream/zai-web/fe-version.ts';
import { judgeWebFailure } from '../../upstream/zai-web/judge-failure.ts';
import { fetchLiveModels } from '../../upstream/zai-web/live-models.ts';
import { uploadImage } from '../../upstream/zai-web/upload-image.ts';
import type { WebSite } from '../../upstream/zai-web/web-site.ts';
import type { ChatImages } from '../chat-images.ts';
import { ImageUploads } from '../image-uploads.ts';
import type { ChatPlan } from '../plan-chat.ts';
import { configuredWebSite } from './configured-upstreams.ts';
import { fillRequest } from './fill-request.ts';
import { readModelList } from './read-model-list.ts';
import type { Upstream } from './upstream.ts';
import { WebCredentials } from './web-credentials.ts';
import { WebVisit, type WebVisitOptions } from './web-visit.ts';

export interface WebUpstreamOptions {
  config: Config;
  database: Database;
  log: Logger;
  /** Where images are fetched from; tests have a network of their own. */
  imageNetwork?: ImageNetwork;
}

/** The longest the service may take to receive an image. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** The web chat as an upstream: accounts and guests, a front-end version, uploaded images. */
export class WebUpstream implements Upstream {
  readonly id = 'zai-web';
  readonly judge = judgeWebFailure;
  readonly site: WebSite;
  readonly #credentials: WebCredentials;
  readonly #toolMode: Config['toolMode'];
  readonly #visitOptions: Omit<WebVisitOptions, 'upstream' | 'droppedParams'>;

  /** @throws SQLite's errors */
  constructor({ config, database, log, imageNetwork }: WebUpstreamOptions) {
    const { apiEndpoint, zaiSigningSecret: signingSecret } = config;
    this.site = configuredWebSite(config);
    const { userAgent, proxyUrl } = this.site;
    this.#credentials = new WebCredentials({ config, site: this.site, database, log });
    this.#toolMode = config.toolMode;
    this.#visitOptions = {
      exchange: {
        upstream: 'zai-web',
        completionsUrl: apiEndpoint,
        signingSecret,
        userAgent,
        proxyUrl,
      },
      feVersion: new FeVersion({ site: this.site, configured: config.zaiFeVersion }),
      network: imageNetwork ?? publicNetwork((url) => proxyFor(url, config)),
      uploads: new ImageUploads({
        upload: (uploader, image, signal) => uploadImage(this.site, uploader, image, signal),
        timeoutMs: UPLOAD_TIMEOUT_MS,
      }),
    };
  }

  get credentials() {
    return this.#credentials.pool;
  }

  /** The same credentials, for the token pool's API. */
  get tokenPool(): Pick<WebCredentials, 'desk' | 'pool' | 'guests'> {
    return this.#credentials;
  }

  async listModels(signal: AbortSignal): Promise<UpstreamResult<LiveModel[]>> {
    const fetchList = (secret: string, aborted: AbortSignal) =>
      fetchLiveModels(this.site, secret, aborted);
    return readModelList(this.credentials, fetchList, signal);
  }

  /** Images need an account. */
  visit({ model, request, droppedParams }: ChatPlan, images: ChatImages): WebVisit | null {
    const offer = model.offers[this.id];
    if (offer === null) return null;
    if (images.sources.length > 0 && !this.credentials.hasAccounts()) return null;
    const filled = fillRequest(request, offer.nativeTools, this.#toolMode);
    const options = { ...this.#visitOptions, upstream: this, droppedParams };
    return new WebVisit(options, { model: offer, request: filled }, images);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#credentials[Symbol.asyncDispose]();
  }
}
