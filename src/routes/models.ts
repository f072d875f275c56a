import { Elysia } from 'elysia';
import type { LiveModelList } from '../chat/live-model-list.ts';
import { ModelNotFoundError } from '../errors.ts';
import { type ClientAuthOptions, clientAuth } from '../http/client-auth.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { LIST_MODELS, RETRIEVE_MODEL } from './models-docs.ts';

export interface ModelRouteOptions {
  auth: ClientAuthOptions;
  models: ModelDirectory;
  liveModels: LiveModelList;
}

/** `GET /v1/models` and `GET /v1/models/:id` (https://platform.openai.com/docs/api-reference/models). */
export const modelRoutes = ({ auth, models, liveModels }: ModelRouteOptions) =>
  new Elysia({ name: 'model-routes' })
    .use(clientAuth(auth))
    .get(
      '/v1/models',
      async () => {
        await liveModels.refresh();
        return { object: 'list', data: models.list() };
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
