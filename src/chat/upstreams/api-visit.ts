import type { Credential } from '../../credentials/credential.ts';
import type { ChatCompletionRequest } from '../../openai/chat-request.ts';
import type { NextStep } from '../../upstream/failure-verdict.ts';
import type { ApiExchange, UpstreamRequest } from '../../upstream/upstream-request.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';
import { apiDroppedParams } from '../../upstream/zai-api/dropped-params.ts';
import type { UpstreamFailure } from '../../upstream-failure.ts';
import { fillPlaces, type ImageSource } from '../image-places.ts';
import type { UpstreamVisit } from './upstream.ts';

export interface ApiVisitOptions {
  upstream: UpstreamVisit['upstream'];
  exchange: Omit<ApiExchange, 'credential' | 'request'>;
  request: UpstreamRequest;
  /** It fetches images itself, from where the client says they are. */
  images: readonly ImageSource[];
  asked: ChatCompletionRequest;
  /** What no upstream honours. */
  droppedParams: readonly string[];
}

/** A visit to the API: what it takes is the same with every credential. */
export class ApiVisit implements UpstreamVisit {
  readonly upstream: UpstreamVisit['upstream'];
  readonly wish: UpstreamVisit['wish'];
  readonly droppedParams: readonly string[];
  readonly #exchange: ApiVisitOptions['exchange'];
  readonly #request: UpstreamRequest;

  constructor({ upstream, exchange, request, images, asked, droppedParams }: ApiVisitOptions) {
    const { upstreamId, dialect } = exchange.model;
    const urls = new Map(images.map(({ place, url }) => [place, url]));
    this.upstream = upstream;
    this.wish = { model: upstreamId, need: 'any' };
    this.droppedParams = apiDroppedParams(asked, droppedParams, dialect);
    this.#exchange = exchange;
    this.#request = { ...request, messages: fillPlaces(request.messages, urls) };
  }

  async prepare(
    { secret }: Credential,
    reminder: string | null,
  ): Promise<UpstreamResult<ApiExchange>> {
    const request = { ...this.#request, reminder };
    return { ok: true, value: { ...this.#exchange, request, credential: { secret } } };
  }

  async reconsider(_: UpstreamFailure, step: NextStep): Promise<NextStep> {
    return step;
  }
}
