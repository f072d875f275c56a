import type { CatalogModel, ModelOffers, Variant } from './catalog.ts';

/** A model name's meaning. */
export interface ResolvedModel {
  /** The name to show, in canonical case and suffix order: `GLM-4.6-Thinking-Search`. */
  publicName: string;
  /** Unix seconds of the model's release. */
  created: number;
  /** What the name asks for: true for `-thinking`; null when it does not say. */
  thinking: boolean | null;
  /** What happens when nobody says. */
  thinksByDefault: boolean;
  webSearch: boolean;
  vision: boolean;
  /** What each upstream has of it, as the name asks for it. */
  offers: ModelOffers;
}

/** Finds a model by its name or an upstream's id in lower case, without suffixes. */
type ModelLookup = (lowerCaseName: string) => CatalogModel | undefined;

/** In the order of the canonical name. `-advanced-search` ends in `-search`, hence its pattern. */
const SUFFIXES: readonly { variant: Variant; pattern: RegExp; label: string }[] = [
  { variant: 'thinking', pattern: /-thinking$/, label: '-Thinking' },
  { variant: 'search', pattern: /(?<!-advanced)-search$/, label: '-Search' },
  { variant: 'advanced-search', pattern: /-advanced-search$/, label: '-Advanced-Search' },
];

/**
 * What a client's model name means, whatever its case and the order of its suffixes `-thinking`,
 * `-search` and `-advanced-search`; null for an unknown model. Upstream ids work as names. The
 * longest known name wins, so a model whose own name ends in `-Thinking` is found as itself.
 */
export function resolveModel(name: string, lookup: ModelLookup): ResolvedModel | null {
  const asked = new Set<Variant>();
  let rest = name.trim().toLowerCase();
  for (;;) {
    const model = lookup(rest);
    if (model !== undefined) return withVariants(model, [...asked]);
    const suffix = SUFFIXES.find(({ pattern }) => pattern.test(rest));
    if (suffix === undefined || asked.has(suffix.variant)) return null;
    asked.add(suffix.variant);
    rest = rest.replace(suffix.pattern, '');
  }
}

/**
 * A model as the suffixes ask for it; null when it has no such variant. Any model thinks or searches
 * when asked to; advanced search is only where the web chat has it. It is a search: `-search` beside
 * it adds nothing.
 */
export function withVariants(model: CatalogModel, asked: readonly Variant[]): ResolvedModel | null {
  const variants = new Set(asked);
  const advancedSearch = variants.has('advanced-search');
  if (advancedSearch) {
    if (!model.listedVariants.flat().includes('advanced-search')) return null;
    variants.delete('search');
  }
  const suffixes = SUFFIXES.filter(({ variant }) => variants.has(variant));
  return {
    publicName: model.name + suffixes.map(({ label }) => label).join(''),
    created: model.created,
    thinking: variants.has('thinking') ? true : null,
    thinksByDefault: model.thinksByDefault,
    webSearch: advancedSearch || variants.has('search'),
    vision: model.vision,
    offers: advancedSearch ? withAdvancedSearch(model.offers) : model.offers,
  };
}

/** The tool server of the web chat that makes a search an advanced one. */
const ADVANCED_SEARCH = 'advanced-search';

function withAdvancedSearch({ 'zai-web': web }: ModelOffers): ModelOffers {
  const searching = web && { ...web, mcpServers: [...web.mcpServers, ADVANCED_SEARCH] };
  return { 'zai-web': searching, 'zai-api': null };
}
