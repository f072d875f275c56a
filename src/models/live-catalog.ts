import type { LiveModel } from '../upstream/live-model.ts';
import type { UpstreamId } from '../upstream-id.ts';
import {
  type ApiOffer,
  type CatalogModel,
  onApi,
  onWeb,
  uncataloguedModel,
  type WebOffer,
} from './catalog.ts';
import { indexModels } from './model-index.ts';
import { resolveModel } from './resolve-model.ts';

/**
 * Corrects and extends models by one upstream's live list:
 *
 * - a model that is not known is added under its name, unless it is inactive;
 * - a known model that is listed under its name with another id takes that id: the upstream renamed
 *   it. For the API, `zai-org/GLM-4.6` is such an id, as servers of open weights have them;
 * - a known model that is not listed stays: a guest's list is shorter than an account's.
 */
export function mergeLiveModels(
  models: readonly CatalogModel[],
  upstream: UpstreamId,
  live: readonly LiveModel[],
): readonly CatalogModel[] {
  const corrected = models.map((model) => withLiveId(model, upstream, live));
  return [...corrected, ...addedModels(corrected, upstream, live)];
}

/**
 * Whether an upstream lists the model as inactive, and no other has it. Then it is not shown, yet
 * still served: the flag speaks of the upstream's own menu, and whether the model answers is for the
 * upstream to say.
 */
export function isInactive(
  { offers }: CatalogModel,
  upstream: UpstreamId,
  live: readonly LiveModel[],
): boolean {
  const isElsewhere = Object.entries(offers).some(([id, offer]) => id !== upstream && offer);
  const id = offers[upstream]?.upstreamId;
  return !isElsewhere && live.some((listed) => !listed.active && isSame(listed.id, id));
}

function withLiveId(
  model: CatalogModel,
  upstream: UpstreamId,
  live: readonly LiveModel[],
): CatalogModel {
  const offer = model.offers[upstream];
  if (offer !== null && live.some(({ id }) => isSame(id, offer.upstreamId))) return model;
  const listed = live.find(({ id, name, active }) => active && isNameOf(model, upstream, id, name));
  if (listed === undefined) return model;
  const renamed = { ...(offer ?? offerOf(upstream, listed.id)), upstreamId: listed.id };
  return { ...model, offers: { ...model.offers, [upstream]: renamed } };
}

function isNameOf({ name }: CatalogModel, upstream: UpstreamId, id: string, liveName: string) {
  return isSame(liveName, name) || (upstream === 'zai-api' && isSame(basename(id), name));
}

function addedModels(
  known: readonly CatalogModel[],
  upstream: UpstreamId,
  live: readonly LiveModel[],
): CatalogModel[] {
  const taken = indexModels(known);
  const added: CatalogModel[] = [];
  for (const { id, name, active } of live) {
    if (!active || known.some(({ offers }) => isSame(offers[upstream]?.upstreamId, id))) continue;
    if (taken.has(id.toLowerCase())) continue;
    // A name that already means something would then mean two models; the id is always its own.
    const isNameTaken = resolveModel(name, (lowerCaseName) => taken.get(lowerCaseName)) !== null;
    const shownName = isNameTaken ? id : name;
    const model = uncataloguedModel(shownName, { [upstream]: offerOf(upstream, id) });
    added.push(model);
    for (const key of [id, shownName]) taken.set(key.toLowerCase(), model);
  }
  return added;
}

function offerOf(upstream: UpstreamId, id: string): WebOffer | ApiOffer {
  return upstream === 'zai-web' ? onWeb(id) : onApi(id);
}

function basename(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
