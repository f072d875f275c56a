import type { CatalogModel } from './catalog.ts';

/**
 * What each name and each upstream's id means, in lower case. Names win: an id may be another
 * model's name.
 */
export function indexModels(models: readonly CatalogModel[]): Map<string, CatalogModel> {
  const index = new Map<string, CatalogModel>();
  const put = (key: string, model: CatalogModel) => index.set(key.toLowerCase(), model);
  for (const model of models) {
    for (const offer of Object.values(model.offers)) if (offer) put(offer.upstreamId, model);
  }
  for (const model of models) put(model.name, model);
  return index;
}
