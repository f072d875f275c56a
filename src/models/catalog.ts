/** What a suffix of a model's name asks for. */
export type Variant = 'thinking' | 'search' | 'advanced-search';

/** A model on the web chat. */
export interface WebOffer {
  /** The upstream's own id. */
  upstreamId: string;
  /** The upstream wants a chat created before the completion. */
  needsCreatedChat: boolean;
  /**
   * Tools in the request's own fields are known to reach the model; elsewhere they go into the
   * conversation as text.
   */
  nativeTools: boolean;
  /** Tool servers of the upstream that every request to this model names. */
  mcpServers: readonly string[];
}

/** A model on the official API. */
export interface ApiOffer {
  /** The upstream's own id. */
  upstreamId: string;
  /** It streams the arguments of calls in pieces when asked to. */
  toolStream: boolean;
}

/** What each upstream has of a model; null when it does not have it. */
export interface ModelOffers {
  'zai-web': WebOffer | null;
  'zai-api': ApiOffer | null;
}

/** One model, as this release knows it. */
export interface CatalogModel {
  /** The name clients use, in canonical case. */
  name: string;
  /** Unix seconds of the model's release; 0 = not known. */
  created: number;
  thinksByDefault: boolean;
  vision: boolean;
  /** The suffix combinations listed beside the plain name; any other still resolves. */
  listedVariants: readonly (readonly Variant[])[];
  offers: ModelOffers;
}

const PLAIN = {
  created: 0,
  thinksByDefault: false,
  vision: false,
  listedVariants: [],
} as const satisfies Partial<CatalogModel>;

const VISION_SERVERS = ['vlm-image-search', 'vlm-image-recognition', 'vlm-image-processing'];
const THINKING_AND_SEARCH = [['thinking'], ['search']] as const;

/**
 * The models of both upstreams, oldest first. Web ids and needs as reported by public clients up to
 * 2026-10, API ids as in the vendor's reference (https://docs.z.ai/api-reference/llm/chat-completion);
 * release dates as Z.ai announced them. The live list corrects and extends the web's part.
 *
 * None has native tools on the web: for no model is it reported that the web chat passes foreign
 * tools on to it reliably, and a model that never sees its tools makes an agent fail without an
 * error. As text they are always seen, in the form that all GLM models since 4.5 are trained on.
 */
export const CATALOG: readonly CatalogModel[] = [
  {
    ...PLAIN,
    name: 'GLM-4.5',
    created: releasedOn('2025-07-28'),
    listedVariants: THINKING_AND_SEARCH,
    offers: { 'zai-web': onWeb('0727-360B-API'), 'zai-api': onApi('glm-4.5') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.5-Air',
    created: releasedOn('2025-07-28'),
    offers: { 'zai-web': onWeb('0727-106B-API'), 'zai-api': onApi('glm-4.5-air') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.5-Flash',
    created: releasedOn('2025-07-28'),
    offers: { 'zai-web': null, 'zai-api': onApi('glm-4.5-flash') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.5V',
    created: releasedOn('2025-08-11'),
    vision: true,
    offers: { 'zai-web': onWeb('glm-4.5v'), 'zai-api': onApi('glm-4.5v') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.6',
    created: releasedOn('2025-09-30'),
    listedVariants: THINKING_AND_SEARCH,
    offers: { 'zai-web': onWeb('GLM-4-6-API-V1'), 'zai-api': streamingOnApi('glm-4.6') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.6V',
    created: releasedOn('2025-12-08'),
    vision: true,
    offers: {
      'zai-web': { ...onWeb('glm-4.6v'), needsCreatedChat: true, mcpServers: VISION_SERVERS },
      'zai-api': streamingOnApi('glm-4.6v'),
    },
  },
  {
    ...PLAIN,
    name: 'GLM-4.6V-Flash',
    created: releasedOn('2025-12-08'),
    vision: true,
    offers: { 'zai-web': null, 'zai-api': streamingOnApi('glm-4.6v-flash') },
  },
  {
    ...PLAIN,
    name: 'GLM-4.7',
    created: releasedOn('2025-12-22'),
    listedVariants: [...THINKING_AND_SEARCH, ['advanced-search']],
    offers: {
      'zai-web': { ...onWeb('glm-4.7'), needsCreatedChat: true },
      'zai-api': streamingOnApi('glm-4.7'),
    },
  },
  onlyOnApi('GLM-4.7-Flash'),
  onlyOnApi('GLM-4.7-FlashX'),
  {
    ...PLAIN,
    name: 'GLM-5',
    created: releasedOn('2026-02-12'),
    thinksByDefault: true,
    listedVariants: THINKING_AND_SEARCH,
    offers: { 'zai-web': onWeb('glm-5'), 'zai-api': streamingOnApi('glm-5') },
  },
  { ...onlyOnApi('GLM-5-Turbo'), thinksByDefault: true },
  { ...onlyOnApi('GLM-5.1'), thinksByDefault: true },
  { ...onlyOnApi('GLM-5.2'), thinksByDefault: true },
  { ...onlyOnApi('GLM-5.3'), thinksByDefault: true },
];

/** A model that only a live list knows, or the client: nothing is assumed of it. */
export function uncataloguedModel(name: string, offers: Partial<ModelOffers>): CatalogModel {
  return { ...PLAIN, name, offers: { 'zai-web': null, 'zai-api': null, ...offers } };
}

/** A model of the web chat without needs of its own. */
export function onWeb(upstreamId: string): WebOffer {
  return { upstreamId, needsCreatedChat: false, nativeTools: false, mcpServers: [] };
}

/** A model of the API without abilities of its own. */
export function onApi(upstreamId: string): ApiOffer {
  return { upstreamId, toolStream: false };
}

function streamingOnApi(upstreamId: string): ApiOffer {
  return { ...onApi(upstreamId), toolStream: true };
}

function onlyOnApi(name: string): CatalogModel {
  return uncataloguedModel(name, { 'zai-api': streamingOnApi(name.toLowerCase()) });
}

function releasedOn(date: string): number {
  return Date.parse(date) / 1000;
}
