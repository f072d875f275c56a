import { describe, expect, test } from 'bun:test';
import { type PlanSources, planChat } from '../../src/chat/plan-chat.ts';
import { ModelNotFoundError } from '../../src/errors.ts';
import type { ChatCompletionRequest } from '../../src/openai/chat-request.ts';
import { makeDirectory } from '../models/make-directory.ts';

type Settings = PlanSources['settings'];

const SETTINGS: Settings = {
  defaultModel: 'GLM-4.6',
  defaultStream: false,
  enableThinking: null,
  thinkingMode: 'reasoning',
  toolSupport: true,
  toolScanLimit: 5_000,
};

interface Planned {
  fields?: Omit<ChatCompletionRequest, 'messages'>;
  thinkingMode?: string;
  settings?: Partial<Settings>;
}

function plan({ fields, thinkingMode, settings }: Planned) {
  const request = { messages: [{ role: 'user' as const, content: 'hi' }], ...fields };
  const models = makeDirectory({ upstreams: ['zai-web', 'zai-api'] });
  return planChat({ request, thinkingMode: thinkingMode ?? null }, {
    models,
    liveModels: { refresh: async () => models.mergeLive('zai-web', [NEWEST]) },
    settings: { ...SETTINGS, ...settings },
  } as unknown as PlanSources);
}

/** What the live list has, once it is read. */
const NEWEST = { id: 'glm-6', name: 'GLM-6', active: true };

const tools = [{ type: 'function', function: { name: 'f' } }];
const F = { name: 'f', description: null, parameters: null };

describe('the rules of a reply', () => {
  test('ask for nothing when the request does not', async () => {
    expect((await plan({})).rules).toEqual({
      thinking: 'reasoning',
      tools: null,
      stop: [],
      maxTokens: null,
      json: null,
      search: false,
    });
  });

  test('hold all that the request asks', async () => {
    const fields = {
      tools,
      tool_choice: 'required' as const,
      parallel_tool_calls: false,
      stop: 'END',
      max_tokens: 9,
      max_completion_tokens: 7,
      response_format: { type: 'json_object' as const },
      web_search_options: {},
    };
    const { rules, request } = await plan({ fields, thinkingMode: 'strip' });
    expect(rules).toEqual({
      thinking: 'strip',
      tools: { tools: [F], choice: 'required', parallel: false, scanLimit: 5_000 },
      stop: ['END'],
      maxTokens: 7,
      json: { schema: null },
      search: true,
    });
    expect(request).toMatchObject({
      maxTokens: 7,
      stop: ['END'],
      webSearch: true,
      tools: { tools: [F], choice: 'required', parallel: false },
      json: { schema: null },
    });
  });

  test('keep reasoning out of the text of a reply that is to be JSON', async () => {
    const fields = { response_format: { type: 'json_object' as const } };
    const modes = ['reasoning', 'think', 'thinking', 'details', 'raw', 'strip'];
    const plans = await Promise.all(modes.map((thinkingMode) => plan({ fields, thinkingMode })));
    expect(plans.map(({ rules }) => rules.thinking)).toEqual([
      ...Array(5).fill('reasoning'),
      'strip',
    ]);
  });

  test('let a model that searches by its name cite, though it is asked not to search', async () => {
    const { rules, request } = await plan({
      fields: { model: 'GLM-4.7-Advanced-Search', web_search: false },
    });
    expect([rules.search, request.webSearch]).toEqual([true, false]);
  });
});

test('tools go nowhere with TOOL_SUPPORT=false, however wrong they are', async () => {
  const { rules, request } = await plan({
    fields: { tools: [...tools, ...tools], tool_choice: 'required' },
    settings: { toolSupport: false },
  });
  expect([rules.tools, request.tools]).toEqual([null, null]);
});

describe('what upstreams are asked', () => {
  test('is what the client set, under one name', async () => {
    const fields = {
      temperature: 0,
      top_p: 0.5,
      do_sample: false,
      seed: 7,
      frequency_penalty: 1,
      presence_penalty: -1,
      thinking: { type: 'enabled' as const, clear_thinking: false },
      user: 'u-1',
    };
    expect((await plan({ fields })).request).toMatchObject({
      temperature: 0,
      topP: 0.5,
      doSample: false,
      seed: 7,
      frequencyPenalty: 1,
      presencePenalty: -1,
      thinking: true,
      clearThinking: false,
      user: 'u-1',
    });
  });

  test('is nothing where the client set nothing', async () => {
    const { messages, thinking, webSearch, stop, ...unset } = (await plan({})).request;
    expect([thinking, webSearch, stop, new Set(Object.values(unset))]).toEqual([
      false,
      false,
      [],
      new Set([null]),
    ]);
  });

  test('is on whose behalf, in Z.ai’s field rather than in OpenAI’s', async () => {
    const fields = { user: 'openai', user_id: 'zai' };
    expect((await plan({ fields })).request.user).toBe('zai');
  });
});

describe('the model', () => {
  const nameOf = async (model?: string) =>
    (await plan({ fields: model === undefined ? {} : { model } })).model.publicName;

  test('is the default when the request names none', async () => {
    expect([await nameOf(), await nameOf('')]).toEqual(['GLM-4.6', 'GLM-4.6']);
  });

  test('may be one that only the live lists know, which are read for its sake', async () => {
    expect(await nameOf('glm-6-thinking')).toBe('GLM-6-Thinking');
  });

  test('that nobody has is an error', async () => {
    await expect(plan({ fields: { model: 'gpt-4o' } })).rejects.toThrow(ModelNotFoundError);
  });
});
