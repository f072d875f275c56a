import type { DocumentedError } from '../docs/documented-errors.ts';
import { operation } from '../docs/operation.ts';
import { ModelNotFoundError } from '../errors.ts';

const MODEL = { id: 'GLM-4.6', object: 'model', created: 1_759_190_400, owned_by: 'z.ai' };

const NOT_FOUND: DocumentedError = {
  when: 'No upstream serves a model of this name.',
  error: new ModelNotFoundError('GLM-0'),
};

/** What the reference says of `GET /v1/models`. */
export const LIST_MODELS = operation({
  id: 'listModels',
  tag: 'Models',
  summary: 'All models',
  description: 'Those of the upstreams’ live lists are among them.',
  key: 'client',
  answers: {
    200: {
      description: 'The models.',
      content: {
        'application/json': {
          schema: 'ModelList',
          examples: { models: { summary: 'Models', value: { object: 'list', data: [MODEL] } } },
        },
      },
    },
  },
});

/** What the reference says of `GET /v1/models/:id`. */
export const RETRIEVE_MODEL = operation({
  id: 'retrieveModel',
  tag: 'Models',
  summary: 'One model',
  key: 'client',
  parameters: [
    {
      name: 'id',
      in: 'path',
      description: 'Any spelling that works in a request.',
      schema: { type: 'string' },
      example: 'glm-4.6-thinking',
    },
  ],
  answers: {
    200: {
      description: 'The model.',
      content: {
        'application/json': {
          schema: 'Model',
          examples: { model: { summary: 'A model', value: MODEL } },
        },
      },
    },
  },
  errors: [NOT_FOUND],
});
