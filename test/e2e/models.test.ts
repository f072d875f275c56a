import { describe, expect, test } from 'bun:test';
import { postChat } from '../support/post-chat.ts';
import { withGateway } from '../support/with-gateway.ts';
import { chatCallsOf, completionsOf } from '../support/zai-web/completions-of.ts';
import { SERVED_MODELS } from '../support/zai-web/models.ts';
import { statusErrors } from '../support/zai-web/scenarios/failures.ts';

describe('a model’s name, in any case and with its suffixes in any order, comes to', () => {
  const plain = { web_search: false, enable_thinking: false, mcp_servers: [] };
  const vision = ['vlm-image-search', 'vlm-image-recognition', 'vlm-image-processing'];
  test.each([
    ['GLM-4.5', 'GLM-4.5', { model: '0727-360B-API', ...plain }],
    [
      'glm-4.5-thinking',
      'GLM-4.5-Thinking',
      { ...plain, model: '0727-360B-API', enable_thinking: true },
    ],
    ['Glm-4.5-SEARCH', 'GLM-4.5-Search', { ...plain, model: '0727-360B-API', web_search: true }],
    ['glm-4.5-air', 'GLM-4.5-Air', { model: '0727-106B-API', ...plain }],
    ['GLM-4.5v', 'GLM-4.5V', { model: 'glm-4.5v', ...plain }],
    ['glm-4.6', 'GLM-4.6', { model: 'GLM-4-6-API-V1', ...plain }],
    [
      'GLM-4.6-search-THINKING',
      'GLM-4.6-Thinking-Search',
      { ...plain, model: 'GLM-4-6-API-V1', web_search: true, enable_thinking: true },
    ],
    [
      'glm-4.6-thinking-search',
      'GLM-4.6-Thinking-Search',
      { ...plain, model: 'GLM-4-6-API-V1', web_search: true, enable_thinking: true },
    ],
    ['glm-4.6V', 'GLM-4.6V', { ...plain, model: 'glm-4.6v', mcp_servers: vision }],
    ['glm-4.7', 'GLM-4.7', { model: 'glm-4.7', ...plain }],
    [
      'glm-4.7-advanced-search-thinking',
      'GLM-4.7-Thinking-Advanced-Search',
      {
        model: 'glm-4.7',
        web_search: true,
        enable_thinking: true,
        mcp_servers: ['advanced-search'],
      },
    ],
    ['GLM-5', 'GLM-5', { ...plain, model: 'glm-5', enable_thinking: true }],
    ['0727-360b-api', 'GLM-4.5', { model: '0727-360B-API', ...plain }],
  ])('%s', (model, publicName, expected) =>
    withGateway({}, async ({ gateway, simulator }) => {
      const response = await postChat(gateway, { model, stream: false });
      const { model: shown } = (await response.json()) as { model: string };
      const [sent] = completionsOf(simulator).map(({ body }) => body);
      expect({
        shown,
        model: sent?.model,
        web_search: sent?.features.web_search,
        enable_thinking: sent?.features.enable_thinking,
        mcp_servers: sent?.mcp_servers,
      }).toEqual({ shown: publicName, ...expected });
    }),
  );
});

describe('a chat is created beforehand', () => {
  const callsFor = async (model: string, createdChatShape: 'flat' | 'nested') => {
    const calls: string[] = [];
    await withGateway({ createdChatShape }, async ({ gateway, simulator }) => {
      const response = await postChat(gateway, { model, stream: false });
      expect(response.status).toBe(200);
      calls.push(...chatCallsOf(simulator).map(({ method, path }) => `${method} ${path}`));
    });
    return calls;
  };

  test.each([
    ['glm-4.7', 'flat'],
    ['glm-4.7-search', 'nested'],
    ['glm-4.6v', 'flat'],
  ] as const)('for %s, which needs one (answered %s)', async (model, shape) => {
    expect(await callsFor(model, shape)).toEqual([
      'GET /',
      'POST /api/v1/chats/new',
      'POST /api/v2/chat/completions',
    ]);
  });

  test('for no other model', async () => {
    expect(await callsFor('glm-5', 'flat')).toEqual(['GET /', 'POST /api/v2/chat/completions']);
  });
});

describe('the models', () => {
  test('listed are those of the catalog with their variants, and what the live list adds', () =>
    withGateway({}, async ({ gateway }) => {
      const models = await Array.fromAsync(gateway.openai.models.list());
      expect(models.map(({ id }) => id)).toEqual([
        ...['GLM-4.5', 'GLM-4.5-Thinking', 'GLM-4.5-Search', 'GLM-4.5-Air', 'GLM-4.5V'],
        ...['GLM-4.6', 'GLM-4.6-Thinking', 'GLM-4.6-Search', 'GLM-4.6V'],
        ...['GLM-4.7', 'GLM-4.7-Thinking', 'GLM-4.7-Search', 'GLM-4.7-Advanced-Search'],
        ...['GLM-5', 'GLM-5-Thinking', 'GLM-5-Search', 'GLM-Next-Preview'],
      ]);
      expect(models[0]).toEqual({
        id: 'GLM-4.5',
        object: 'model',
        created: Date.UTC(2025, 6, 28) / 1000,
        owned_by: 'z.ai',
      });
    }));

  test('listed are those of the catalog when the upstream gives no list', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      simulator.scriptCall('/api/models', statusErrors[500]());
      const models = await Array.fromAsync(gateway.openai.models.list());
      expect(models.map(({ id }) => id)).toContain('GLM-4.6');
      expect(models.map(({ id }) => id)).not.toContain('GLM-Next-Preview');
    }));

  test('one that only the live list knows is served by name, without the list having been asked for', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      const response = await postChat(gateway, {
        model: 'glm-NEXT-preview-thinking',
        stream: false,
      });
      expect(await response.json()).toMatchObject({ model: 'GLM-Next-Preview-Thinking' });
      expect(completionsOf(simulator)[0]?.body).toMatchObject({
        model: 'glm-next-preview',
        features: { enable_thinking: true },
      });
    }));

  test('one that the upstream renamed is asked for by its new id', () =>
    withGateway(
      {
        models: SERVED_MODELS.map((model) =>
          model.name === 'GLM-4.6' ? { ...model, id: 'GLM-4-6-API-V2' } : model,
        ),
      },
      async ({ gateway, simulator }) => {
        await gateway.openai.models.list();
        await (await postChat(gateway, { model: 'GLM-4.6' })).text();
        expect(completionsOf(simulator).map(({ body }) => body.model)).toEqual(['GLM-4-6-API-V2']);
      },
    ));

  test.each(['glm-5-search', 'glm-next-preview'])('one is described by itself: %s', (name) =>
    withGateway({}, async ({ gateway }) => {
      const model = await gateway.openai.models.retrieve(name);
      expect([model.id.toLowerCase(), model.object]).toEqual([name, 'model']);
    }),
  );

  test('the live list is read once, however many ask for it', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      await Promise.all(Array.from({ length: 5 }, () => gateway.fetch('/v1/models')));
      await gateway.fetch('/v1/models');
      expect(simulator.requests.filter(({ path }) => path === '/api/models')).toHaveLength(1);
    }));
});
