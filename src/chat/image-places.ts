import { InvalidRequestError } from '../errors.ts';
import { CATALOG, type ModelOffers } from '../models/catalog.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { ChatMessage } from '../openai/chat-message.ts';
import type { UpstreamId } from '../upstream-id.ts';

type ContentPart = Exclude<ChatMessage['content'], string | null | undefined>[number];

/** An image that a request names, not yet looked at. */
export interface ImageSource {
  /** Stands in the messages where the image was; images of one URL share a place. */
  place: string;
  /** `data:`, `http:` or `https:`. */
  url: string;
  /** Where the URL stands in the request, in dotted form. */
  param: string;
}

/** Messages with places instead of images, and the images. */
export interface PlacedImages {
  messages: ChatMessage[];
  images: ImageSource[];
}

const MAX_IMAGES = 20;

/**
 * Takes the images out of the messages, so that what is planned and sent stays small.
 *
 * @throws InvalidRequestError for a model that takes none, an image that is not in a user message,
 *   too many of them, and a URL of another kind.
 */
export function placeImages(
  messages: readonly ChatMessage[],
  model: Pick<ResolvedModel, 'vision' | 'publicName' | 'offers'>,
): PlacedImages {
  const images = new Map<string, ImageSource>();
  let count = 0;
  const placed = messages.map((message, i) =>
    mapImages(message, (part, j) => {
      const param = `messages[${i}].content[${j}]`;
      count += 1;
      checkImage(message, model, count, param);
      const source = readSource(part, param);
      const image = images.get(source.url) ?? { ...source, place: `image:${images.size}` };
      images.set(source.url, image);
      return image.place;
    }),
  );
  return { messages: placed, images: [...images.values()] };
}

/** The messages with what the upstream calls the images in their places. */
export function fillPlaces(
  messages: readonly ChatMessage[],
  ids: ReadonlyMap<string, string>,
): ChatMessage[] {
  return messages.map((message) =>
    mapImages(message, (part) => {
      const place = urlOf(part) ?? '';
      return ids.get(place) ?? place;
    }),
  );
}

/** Messages without images stay the objects they are. */
function mapImages(
  message: ChatMessage,
  mapUrl: (part: ContentPart, index: number) => string,
): ChatMessage {
  const { content } = message;
  if (!Array.isArray(content) || !content.some(isImage)) return message;
  const mapped = content.map((part, index) =>
    isImage(part) ? { ...part, image_url: { url: mapUrl(part, index) } } : part,
  );
  return { ...message, content: mapped };
}

function isImage({ type }: ContentPart): boolean {
  return type === 'image_url';
}

function urlOf({ image_url }: ContentPart): string | undefined {
  return typeof image_url === 'string' ? image_url : image_url?.url;
}

/** The models that take images, of the upstreams that serve one that does not. */
function seeingBeside(blind: Pick<ResolvedModel, 'offers'>): string {
  const names = CATALOG.filter(
    ({ vision, offers }) => vision && shareUpstream(offers, blind.offers),
  );
  return new Intl.ListFormat('en-GB').format(names.map(({ name }) => name));
}

function shareUpstream(one: ModelOffers, other: ModelOffers): boolean {
  const isOnBoth = (id: UpstreamId) => one[id] !== null && other[id] !== null;
  return isOnBoth('zai-web') || isOnBoth('zai-api');
}

/** An image left out without a word would get an answer about nothing. */
function checkImage(
  { role }: ChatMessage,
  model: Pick<ResolvedModel, 'vision' | 'publicName' | 'offers'>,
  count: number,
  param: string,
): void {
  if (!model.vision) {
    const message = `The model '${model.publicName}' does not take images; ${seeingBeside(model)} do.`;
    throw new InvalidRequestError(message, param, 'unsupported_content');
  }
  if (role !== 'user') {
    const message = `Images are taken in user messages only, not in one of the role '${role}'.`;
    throw new InvalidRequestError(message, param, 'unsupported_content');
  }
  if (count > MAX_IMAGES) {
    const message = `A request may have ${MAX_IMAGES} images at most.`;
    throw new InvalidRequestError(message, param, 'too_many_images');
  }
}

function readSource(part: ContentPart, partParam: string): Omit<ImageSource, 'place'> {
  const url = urlOf(part);
  const param = `${partParam}.image_url${typeof part.image_url === 'object' ? '.url' : ''}`;
  if (url === undefined) {
    const missing = `${partParam}.image_url`;
    const message = `'${missing}' is required.`;
    throw new InvalidRequestError(message, missing, 'missing_required_parameter');
  }
  if (/^(data|https?):/i.test(url)) return { url, param };
  const message = `'${param}' must be a data URL or an http(s) URL.`;
  throw new InvalidRequestError(message, param, 'invalid_image_url');
}
