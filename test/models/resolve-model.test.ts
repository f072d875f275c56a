import { describe, expect, test } from 'bun:test';
import { CATALOG, type CatalogModel, onWeb, uncataloguedModel } from '../../src/models/catalog.ts';
import { indexModels } from '../../src/models/model-index.ts';
import { resolveModel } from '../../src/models/resolve-model.ts';

const INDEX = indexModels([
  ...CATALOG,
  uncataloguedModel('GLM-Z1-Thinking', { 'zai-web': onWeb('z1') }),
]);

function resolve(name: string) {
  return resolveModel(name, (lowerCaseName) => INDEX.get(lowerCaseName));
}

describe('a model name', () => {
  test('resolves to everything an upstream request needs', () => {
    expect(resolve('glm-4.7-thinking')).toEqual({
      publicName: 'GLM-4.7-Thinking',
      created: Date.UTC(2025, 11, 22) / 1000,
      thinking: true,
      thinksByDefault: false,
      webSearch: false,
      vision: false,
      offers: {
        'zai-web': {
          upstreamId: 'glm-4.7',
          needsCreatedChat: true,
          nativeTools: false,
          mcpServers: [],
        },
        'zai-api': { upstreamId: 'glm-4.7', toolStream: true },
      },
    });
  });

  test.each([
    ['GLM-4.5', 'GLM-4.5', '0727-360B-API', null, false],
    ['GLM-4.5-Thinking', 'GLM-4.5-Thinking', '0727-360B-API', true, false],
    ['GLM-4.5-Search', 'GLM-4.5-Search', '0727-360B-API', null, true],
    ['GLM-4.5-Air', 'GLM-4.5-Air', '0727-106B-API', null, false],
    ['GLM-4.5V', 'GLM-4.5V', 'glm-4.5v', null, false],
    ['GLM-4.6', 'GLM-4.6', 'GLM-4-6-API-V1', null, false],
    ['GLM-4.6-Thinking', 'GLM-4.6-Thinking', 'GLM-4-6-API-V1', true, false],
    ['GLM-4.6-Search', 'GLM-4.6-Search', 'GLM-4-6-API-V1', null, true],
    ['GLM-4.6V', 'GLM-4.6V', 'glm-4.6v', null, false],
    ['GLM-4.7', 'GLM-4.7', 'glm-4.7', null, false],
    ['GLM-4.7-Thinking', 'GLM-4.7-Thinking', 'glm-4.7', true, false],
    ['GLM-4.7-Search', 'GLM-4.7-Search', 'glm-4.7', null, true],
    ['GLM-4.7-Advanced-Search', 'GLM-4.7-Advanced-Search', 'glm-4.7', null, true],
    ['GLM-5', 'GLM-5', 'glm-5', null, false],
    ['GLM-5-Thinking', 'GLM-5-Thinking', 'glm-5', true, false],
    ['GLM-5-Search', 'GLM-5-Search', 'glm-5', null, true],
    ['  glm-4.5-AIR ', 'GLM-4.5-Air', '0727-106B-API', null, false],
    ['glm-4.6-search-thinking', 'GLM-4.6-Thinking-Search', 'GLM-4-6-API-V1', true, true],
    ['GLM-4.6-THINKING-SEARCH', 'GLM-4.6-Thinking-Search', 'GLM-4-6-API-V1', true, true],
    ['glm-4.7-advanced-search-thinking', 'GLM-4.7-Thinking-Advanced-Search', 'glm-4.7', true, true],
    ['glm-4.7-search-advanced-search', 'GLM-4.7-Advanced-Search', 'glm-4.7', null, true],
    ['glm-4.5-air-search', 'GLM-4.5-Air-Search', '0727-106B-API', null, true],
    ['0727-360b-api', 'GLM-4.5', '0727-360B-API', null, false],
    ['glm-4-6-api-v1-thinking', 'GLM-4.6-Thinking', 'GLM-4-6-API-V1', true, false],
    ['glm-z1-thinking', 'GLM-Z1-Thinking', 'z1', null, false],
    ['glm-z1-thinking-thinking', 'GLM-Z1-Thinking-Thinking', 'z1', true, false],
  ])('%s means %s', (name, publicName, upstreamId, thinking, webSearch) => {
    expect(resolve(name)).toMatchObject({
      publicName,
      thinking,
      webSearch,
      offers: { 'zai-web': { upstreamId } },
    });
  });

  test.each([
    ['GLM-4.5', 'glm-4.5', false],
    ['GLM-4.5-Air', 'glm-4.5-air', false],
    ['GLM-4.6-Search', 'glm-4.6', true],
    ['GLM-4.6V', 'glm-4.6v', true],
    ['glm-4.6v-flash', 'glm-4.6v-flash', true],
    ['glm-4.7-flashx-thinking', 'glm-4.7-flashx', true],
    ['GLM-5.3', 'glm-5.3', true],
  ])('%s is %s on the API, its calls streamed: %p', (name, upstreamId, toolStream) => {
    expect(resolve(name)?.offers['zai-api']).toEqual({ upstreamId, toolStream });
  });

  test('with a search that the API does not have leaves the web chat alone to serve it', () => {
    expect(resolve('GLM-4.7-Advanced-Search')?.offers).toMatchObject({
      'zai-web': { upstreamId: 'glm-4.7' },
      'zai-api': null,
    });
  });

  test.each([
    ['GLM-4.6V', ['vlm-image-search', 'vlm-image-recognition', 'vlm-image-processing']],
    ['GLM-4.7-Advanced-Search', ['advanced-search']],
    ['GLM-4.7-Search', []],
  ])('%s needs the tool servers %j', (name, mcpServers) => {
    expect(resolve(name)?.offers['zai-web']?.mcpServers).toEqual(mcpServers);
  });

  test.each([
    '',
    'gpt-4o',
    'GLM',
    '-thinking',
    'thinking',
    'glm-4.6-',
    'glm-4.6-thinking-thinking',
    'glm-4.6-advanced',
    'glm-4.6v-advanced-search',
    'glm-5-advanced-search-thinking',
    'glm-4.6-thinking-x',
  ])('%j means no model', (name) => {
    expect(resolve(name)).toBeNull();
  });

  test('tells which models see, think by default and want a created chat', () => {
    const names = (has: (model: CatalogModel) => boolean) =>
      CATALOG.filter(has).map(({ name }) => name);
    expect({
      vision: names((model) => model.vision),
      thinksByDefault: names((model) => model.thinksByDefault),
      needsCreatedChat: names(({ offers }) => offers['zai-web']?.needsCreatedChat ?? false),
      onlyOnTheApi: names(({ offers }) => offers['zai-web'] === null),
    }).toEqual({
      vision: ['GLM-4.5V', 'GLM-4.6V', 'GLM-4.6V-Flash'],
      thinksByDefault: ['GLM-5', 'GLM-5-Turbo', 'GLM-5.1', 'GLM-5.2', 'GLM-5.3'],
      needsCreatedChat: ['GLM-4.6V', 'GLM-4.7'],
      onlyOnTheApi: [
        'GLM-4.5-Flash',
        'GLM-4.6V-Flash',
        'GLM-4.7-Flash',
        'GLM-4.7-FlashX',
        'GLM-5-Turbo',
        'GLM-5.1',
        'GLM-5.2',
        'GLM-5.3',
      ],
    });
  });
});
