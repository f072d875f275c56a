import { describe, expect, test } from 'bun:test';
import { type CompletionDraft, draftCompletion, sendDraft } from './correct-request.ts';
import type { KeyAccount } from './keys.ts';
import { startZaiApiSimulator, type ZaiApiSimulator } from './simulator.ts';

const TOOL = { type: 'function', function: { name: 'add', parameters: { type: 'object' } } };
const CALL = { id: 'c1', type: 'function', function: { name: 'add', arguments: '{}' } };
const user = { role: 'user', content: 'hi' };
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };

/** How a request fares whose body has been changed; undefined takes a field away. */
async function outcomeOf(
  changes: Record<string, unknown>,
  prepare: (draft: CompletionDraft, simulator: ZaiApiSimulator) => void = () => undefined,
) {
  await using simulator = await startZaiApiSimulator();
  const draft = draftCompletion(simulator);
  Object.assign(draft.body, changes);
  prepare(draft, simulator);
  const response = await sendDraft(draft);
  const body = await response.text();
  const code = response.ok ? null : (JSON.parse(body).error.code ?? null);
  return { status: response.status, code, refusal: simulator.requests.at(-1)?.refusal };
}

describe('a completion is accepted', () => {
  test.each<[string, Record<string, unknown>]>([
    ['as it is', {}],
    [
      'with every parameter',
      {
        temperature: 0,
        top_p: 0.01,
        do_sample: false,
        max_tokens: 1,
        stop: ['a'],
        thinking: { type: 'enabled', clear_thinking: false },
        tools: [TOOL, { type: 'web_search', web_search: { enable: true, search_result: true } }],
        tool_choice: 'auto',
        tool_stream: true,
        response_format: { type: 'json_object' },
        user_id: 'sixsix',
        request_id: 'sixsix',
        stream_options: { include_usage: true },
      },
    ],
    [
      'with calls and results',
      {
        messages: [
          { role: 'system', content: 'x' },
          user,
          { role: 'assistant', reasoning_content: 'r', tool_calls: [CALL] },
          { role: 'tool', tool_call_id: 'c1', content: '3' },
        ],
      },
    ],
    [
      'with images for a model that sees',
      {
        model: 'glm-4.5v',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'see' }, image] }],
      },
    ],
  ])('%s', async (_, changes) => {
    expect(await outcomeOf(changes)).toEqual({ status: 200, code: null, refusal: null });
  });
});

describe('a parameter is refused', () => {
  test.each<[code: string, reason: string, changes: Record<string, unknown>]>([
    ['1213', 'model is missing', { model: undefined }],
    ['1213', 'messages is missing', { messages: undefined }],
    ['1213', 'stream is missing', { stream: undefined }],
    ['1211', 'model glm-9 is not known', { model: 'glm-9' }],
    ['1211', 'model GLM-4.6 is not known', { model: 'GLM-4.6' }],
    ...['n', 'seed', 'user', 'logprobs', 'frequency_penalty', 'presence_penalty'].map(
      (name): [string, string, Record<string, unknown>] => [
        '1210',
        `${name} is not known`,
        { [name]: 1 },
      ],
    ),
    ['1210', 'max_completion_tokens is not known', { max_completion_tokens: 9 }],
    ['1210', 'parallel_tool_calls is not known', { parallel_tool_calls: false }],
    ['1214', 'temperature', { temperature: 1.1 }],
    ['1214', 'temperature', { temperature: -0.1 }],
    ['1214', 'top_p', { top_p: 0 }],
    ['1214', 'top_p', { top_p: 1.01 }],
    ['1214', 'max_tokens', { max_tokens: 0 }],
    ['1214', 'stop', { stop: ['a', 'b'] }],
    ['1214', 'stop', { stop: 'a' }],
    ['1214', 'thinking', { thinking: { type: 'on' } }],
    ['1214', 'thinking', { thinking: { type: 'enabled', effort: 'high' } }],
    ['1214', 'user_id', { user_id: 'short' }],
    ['1214', 'user_id', { user_id: 'x'.repeat(129) }],
    ['1214', 'response_format', { response_format: { type: 'json_schema', json_schema: {} } }],
    ['1214', 'tool_choice', { tools: [TOOL], tool_choice: 'required' }],
    ['1214', 'tool_choice', { tools: [TOOL], tool_choice: 'none' }],
    ['1214', 'tool_choice', { tools: [TOOL], tool_choice: { type: 'function' } }],
    ['1214', 'tool_choice comes without a function', { tool_choice: 'auto' }],
    ['1214', 'tool_stream comes without a function', { tool_stream: true }],
    [
      '1214',
      'tool_stream is not known to glm-4.5',
      {
        model: 'glm-4.5',
        tools: [TOOL],
        tool_stream: true,
      },
    ],
    ['1214', 'tools', { tools: [] }],
    ['1214', 'tools.0 is no object', { tools: ['add'] }],
    ['1214', 'tools.0.type', { tools: [{ type: 'code_interpreter' }] }],
    ['1213', 'tools.0.function is missing', { tools: [{ type: 'function' }] }],
    [
      '1213',
      'tools.0.function.parameters',
      {
        tools: [{ type: 'function', function: { name: 'now' } }],
      },
    ],
    [
      '1210',
      'tools.0.function.strict',
      {
        tools: [{ type: 'function', function: { ...TOOL.function, strict: true } }],
      },
    ],
    [
      '1214',
      'tools.0.function.description',
      {
        tools: [{ type: 'function', function: { ...TOOL.function, description: null } }],
      },
    ],
    [
      '1214',
      'tools.0.function.name',
      {
        tools: [{ type: 'function', function: { ...TOOL.function, name: 'a b' } }],
      },
    ],
    ['1213', 'tools.0.web_search.enable', { tools: [{ type: 'web_search' }] }],
  ])('with %s: %s', async (code, reason, changes) => {
    expect(await outcomeOf(changes)).toEqual({
      status: 400,
      code,
      refusal: expect.stringContaining(`${code} ${reason}`),
    });
  });
});

describe('a message is refused', () => {
  const assistant = { role: 'assistant', content: 'x' };
  test.each<[code: string, reason: string, messages: unknown[]]>([
    ['1214', 'messages have none of the user', []],
    ['1214', 'messages have none of the user', [{ role: 'system', content: 'x' }]],
    ['1214', 'messages.1.role', [user, { role: 'developer', content: 'x' }]],
    ['1214', 'messages.1.role', [user, { role: 'function', content: 'x' }]],
    ['1214', 'messages.1.role', [user, 'x']],
    ['1210', 'messages.0.name', [{ ...user, name: 'ann' }]],
    ['1210', 'messages.1.refusal', [user, { ...assistant, refusal: null }]],
    ['1210', 'messages.1.reasoning', [user, { ...assistant, reasoning: 'r' }]],
    [
      '1213',
      'messages.1.content',
      [user, { role: 'assistant', content: null, tool_calls: [CALL] }],
    ],
    ['1213', 'messages.1.content', [user, { role: 'assistant', content: '', tool_calls: [CALL] }]],
    ['1213', 'messages.1.content', [user, { role: 'assistant' }]],
    ['1213', 'messages.0.content', [{ role: 'user', content: '' }]],
    ['1213', 'messages.0.content', [{ role: 'user', content: [] }]],
    ['1214', 'messages.0.content has parts', [{ role: 'user', content: [image] }]],
    ['1214', 'messages.1.content', [user, { role: 'assistant', content: [image] }]],
    ['1213', 'messages.1.tool_calls', [user, { ...assistant, tool_calls: [] }]],
    ['1214', 'messages.1.tool_calls.0', [user, { ...assistant, tool_calls: [{ id: 'c1' }] }]],
    ['1214', 'messages.1.tool_call_id', [user, { role: 'tool', content: 'x', tool_call_id: 'c1' }]],
  ])('with %s: %s', async (code, reason, messages) => {
    expect(await outcomeOf({ messages })).toEqual({
      status: 400,
      code,
      refusal: expect.stringContaining(`${code} ${reason}`),
    });
  });

  test('when a part is neither text nor an image by URL', async () => {
    const parts = [
      { type: 'image_url', image_url: { url: 'file-1' } },
      { type: 'text', text: '' },
    ];
    const messages = [{ role: 'user', content: parts }];
    const { refusal } = await outcomeOf({ model: 'glm-4.5v', messages });
    expect(refusal).toMatch(/content\.0 is no text.+content\.1 is no text/);
  });
});

describe('a key is refused', () => {
  test.each<[number, string, string | undefined]>([
    [401, '1001', undefined],
    [401, '1001', 'an-id.a-secret'],
    [401, '1001', 'Basic abc'],
    [401, '1000', 'Bearer an-id.a-secret'],
  ])('with %d %s as the Authorization %p', async (status, code, authorization) => {
    const outcome = await outcomeOf({}, (draft) => {
      draft.headers.authorization = authorization;
    });
    expect(outcome).toMatchObject({ status, code });
  });

  test.each<[number, string, Partial<KeyAccount>]>([
    [401, '1003', { expired: true }],
    [429, '1112', { locked: true }],
    [429, '1113', { balance: 0 }],
    [429, '1113', { plan: 'coding' }],
    [403, '1220', { forbiddenModels: ['glm-4.6'] }],
    [429, '1308', { quotaResetsAt: '2026-09-12 00:35:41' }],
    [429, '1302', { rateLimitedSeconds: 5 }],
    [429, '1302', { concurrency: 0 }],
  ])('with %d %s when %j', async (status, code, account) => {
    const outcome = await outcomeOf({}, (draft, simulator) => {
      draft.headers.authorization = `Bearer ${simulator.addKey(account)}`;
    });
    expect(outcome).toMatchObject({ status, code });
  });

  test('until its state is changed', async () => {
    await using simulator = await startZaiApiSimulator();
    const secret = simulator.addKey({ balance: 0 });
    const draft = draftCompletion(simulator);
    draft.headers.authorization = `Bearer ${secret}`;
    const before = await sendDraft(draft);
    simulator.changeKey(secret, { balance: 5 });
    const after = await sendDraft(draft);
    expect([before.status, after.status]).toEqual([429, 200]);
  });

  test('on the base URL of the other plan only', async () => {
    const accept = async (plan: KeyAccount['plan'], base: 'baseUrl' | 'codingBaseUrl') => {
      const { status } = await outcomeOf({}, (draft, simulator) => {
        draft.headers.authorization = `Bearer ${simulator.addKey({ plan })}`;
        draft.url = `${simulator[base]}/chat/completions`;
      });
      return status;
    };
    expect([
      await accept('general', 'baseUrl'),
      await accept('general', 'codingBaseUrl'),
      await accept('coding', 'baseUrl'),
      await accept('coding', 'codingBaseUrl'),
    ]).toEqual([200, 429, 429, 200]);
  });
});

test('a body that is no JSON is refused', async () => {
  const outcome = await outcomeOf({}, (draft) => {
    draft.headers['content-type'] = 'text/plain';
  });
  expect(outcome).toMatchObject({ status: 400, code: '1210' });
});

test('a refusal names everything that is wrong, and tells the first of it', async () => {
  await using simulator = await startZaiApiSimulator();
  const draft = draftCompletion(simulator);
  Object.assign(draft.body, { seed: 1, top_p: 7 });
  const { error } = JSON.parse(await (await sendDraft(draft)).text());
  expect({ error, refusal: simulator.requests.at(-1)?.refusal }).toEqual({
    error: { code: '1210', message: 'seed is not known' },
    refusal: '1210 seed is not known; 1214 top_p can not be so',
  });
});
