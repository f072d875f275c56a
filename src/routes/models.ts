import { Elysia } from 'elysia';
import type { LiveModelList } from '../chat/live-model-list.ts';
import type { Upstream } from '../chat/upstreams/upstream.ts';
import { ModelNotFoundError } from '../errors.ts';
import { type ClientAuthOptions, clientAuth } from '../http/client-auth.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { LIST_MODELS, RETRIEVE_MODEL } from './models-docs.ts';

export interface ModelRouteOptions {
  auth: ClientAuthOptions;
  models: ModelDirectory;
  liveModels: LiveModelList;
  upstreams: readonly Pick<Upstream, 'id' | 'credentials'>[];
}

/**
 * `GET /v1/models`, of the upstreams that have a credential which no operator has to see to, and `GET /v1/models/:id`
 * (https://platform.openai.com/docs/api-reference/models).
 */
export const modelRoutes = ({ auth, models, liveModels, upstreams }: ModelRouteOptions) =>
  new Elysia({ name: 'model-routes' })
    .use(clientAuth(auth))
    .get(
      '/v1/models',
      async () => {
        await liveModels.refresh();
        const usable = upstreams.filter(({ credentials }) => credentials.hasUsable());
        return { object: 'list', data: models.list(usable.map(({ id }) => id)) };
      },
      { detail: LIST_MODELS },
    )
    .get(
      '/v1/models/:id',
      async ({ params }) => {
        await liveModels.refresh();
        const model = models.describe(params.id);
        if (model === null) throw new ModelNotFoundError(params.id);
        return model;
      },
      { detail: RETRIEVE_MODEL },
    );
