import type { ModelObject } from '../openai/model-object.ts';
import type { LiveModel } from '../upstream/live-model.ts';
import { UPSTREAM_IDS, type UpstreamId } from '../upstream-id.ts';
import {
  CATALOG,
  type CatalogModel,
  type ModelOffers,
  onApi,
  uncataloguedModel,
} from './catalog.ts';
import { isInactive, mergeLiveModels } from './live-catalog.ts';
import { findAlias, isPlainAlias, type ModelAlias } from './model-alias.ts';
import { indexModels } from './model-index.ts';
import { type ResolvedModel, resolveModel, withVariants } from './resolve-model.ts';

/** The models that clients can ask for: the catalog, corrected by the upstreams' live lists. */
export interface ModelDirectory {
  /**
   * What `GET /v1/models` shows: each model and the suffix combinations worth showing, and aliases;
   * of the upstreams in `usable` only, by default of all.
   */
  list(usable?: readonly UpstreamId[]): ModelObject[];
  /**
   * What a name means; null when no model has it. Finds more than `list` shows. A name may begin
   * with the one upstream that is to serve it: `zai-api/glm-4.6`. An alias for one name wins over a
   * model's own; one with `*` stands for names that no model has.
   */
  find(name: string): ResolvedModel | null;
  /**
   * What a name that is not found may mean: with nothing but a server that lists no models, that
   * server is asked for it. null when it can't mean anything.
   */
  presume(name: string): ResolvedModel | null;
  /** What `find` finds, as `GET /v1/models/:id` shows it. */
  describe(name: string): ModelObject | null;
  /** Takes a newly read live list of an upstream in place of the one before. */
  mergeLive(upstream: UpstreamId, live: readonly LiveModel[]): void;
}

export interface ModelDirectoryOptions {
  /** Those that there are; models that none of them has do not exist. */
  upstreams: readonly UpstreamId[];
  aliases: readonly ModelAlias[];
  /**
   * Whether `zai-api` is a server of open weights: then it has what its live list says, and any other
   * name is passed on to it when the client names the upstream.
   */
  apiServesAnyName: boolean;
}

/** Makes a directory that holds the catalog until a live list comes. */
export function createModelDirectory(options: ModelDirectoryOptions): ModelDirectory {
  const { upstreams, aliases, apiServesAnyName } = options;
  const live = new Map<UpstreamId, readonly LiveModel[]>();
  const catalogued = apiServesAnyName ? upstreams.filter((id) => id !== 'zai-api') : upstreams;
  const catalog = CATALOG.map((model) => withOffersOf(model, catalogued));
  let models: readonly CatalogModel[] = catalog;
  let index = indexModels(catalog);

  const plainAliases = aliases.filter(isPlainAlias);

  /** `usable`: an alias may stand for an alias, or for the model that has its name; none counts twice. */
  function find(name: string, usable = aliases): ResolvedModel | null {
    const plain = findAlias(name, usable.filter(isPlainAlias));
    if (plain !== undefined) return follow(plain, usable);
    const { only, rest } = splitUpstream(name);
    const known = ifServed(resolveModel(rest, (lowerCaseName) => index.get(lowerCaseName)));
    const asked = only === null ? known : known && ifServed(withOffersOf(known, [only]));
    if (asked !== null) return asked;
    if (only === 'zai-api' && apiServesAnyName && upstreams.includes(only)) return onServer(rest);
    const pattern = known === null ? findAlias(name, usable) : undefined;
    return pattern === undefined ? null : follow(pattern, usable);
  }

  function follow(alias: ModelAlias, usable: readonly ModelAlias[]): ResolvedModel | null {
    const others = usable.filter((other) => other !== alias);
    return find(alias.target, others);
  }

  function describe(name: string): ModelObject | null {
    const model = find(name);
    if (model === null) return null;
    const alias = findAlias(name, plainAliases);
    return toModelObject(model, alias?.name ?? model.publicName);
  }

  return {
    list(usable = upstreams) {
      const shown = models.filter(
        (model) => !live.entries().some(([upstream, list]) => isInactive(model, upstream, list)),
      );
      const names = [...shown.flatMap(listedNames), ...plainAliases.map(({ name }) => name)];
      const isServed = (name: string) => usable.some((id) => find(name)?.offers[id]);
      const described = names.filter(isServed).flatMap((name) => describe(name) ?? []);
      // An alias may have the name of a model.
      return [...new Map(described.map((model) => [model.id.toLowerCase(), model])).values()];
    },
    find: (name) => find(name),
    presume(name) {
      const isAsked = apiServesAnyName && upstreams.every((id) => id === 'zai-api');
      return isAsked && !live.has('zai-api') ? onServer(name.trim()) : null;
    },
    describe,
    mergeLive(upstream, list) {
      live.set(upstream, list);
      models = catalog;
      for (const [id, listed] of live) models = mergeLiveModels(models, id, listed);
      index = indexModels(models);
    },
  };
}

function splitUpstream(name: string): { only: UpstreamId | null; rest: string } {
  const [, prefix, rest] = /^\s*([^/]+)\/(.+)$/s.exec(name) ?? [];
  const only = UPSTREAM_IDS.find((id) => id === prefix?.toLowerCase());
  if (only === undefined || rest === undefined) return { only: null, rest: name };
  return { only, rest: rest.trim() };
}

/** A model of which nothing is known but what a server calls it. */
function onServer(id: string): ResolvedModel | null {
  return withVariants(uncataloguedModel(id, { 'zai-api': onApi(id) }), []);
}

/** The model with the offers of these upstreams only. */
function withOffersOf<Model extends { offers: ModelOffers }>(
  model: Model,
  upstreams: readonly UpstreamId[],
): Model {
  const { 'zai-web': web, 'zai-api': api } = model.offers;
  const offers: ModelOffers = {
    'zai-web': upstreams.includes('zai-web') ? web : null,
    'zai-api': upstreams.includes('zai-api') ? api : null,
  };
  return { ...model, offers };
}

function ifServed(model: ResolvedModel | null): ResolvedModel | null {
  return UPSTREAM_IDS.some((id) => model?.offers[id]) ? model : null;
}

function listedNames(model: CatalogModel): string[] {
  const variants = [[], ...model.listedVariants];
  return variants.flatMap((asked) => ifServed(withVariants(model, asked))?.publicName ?? []);
}

function toModelObject({ created }: ResolvedModel, id: string): ModelObject {
  return { id, object: 'model', created, owned_by: 'z.ai' };
}
