import { expect, test } from 'bun:test';
import { type CompletionDraft, draftCompletion, sendDraft } from './correct-request.ts';
import { OPEN_WEIGHTS } from './open-weights.ts';
import { startZaiApiSimulator } from './simulator.ts';

/** How a request fares whose body has been changed; undefined takes a field away. */
async function outcomeOf(
  changes: Record<string, unknown>,
  prepare: (draft: CompletionDraft) => void = () => undefined,
) {
  await using simulator = await startZaiApiSimulator({ service: OPEN_WEIGHTS });
  const draft = draftCompletion(simulator);
  Object.assign(draft.body, { model: 'zai-org/GLM-4.6', ...changes });
  prepare(draft);
  const { status } = await sendDraft(draft);
  return [status, simulator.requests[0]?.refusal];
}

const TOOL = { type: 'function', function: { name: 'add' } };

test.each<[string, Record<string, unknown>]>([
  ['as it is', {}],
  [
    'with OpenAI’s parameters',
    {
      temperature: 2,
      top_p: 0.5,
      seed: 1,
      stop: ['a', 'b'],
      tools: [TOOL],
      tool_choice: 'required',
      response_format: { type: 'json_schema', json_schema: {} },
      chat_template_kwargs: { enable_thinking: true },
    },
  ],
])('a completion is accepted %s', async (_, changes) => {
  expect(await outcomeOf(changes)).toEqual([200, null]);
});

test.each<[number, string, Record<string, unknown>]>([
  [400, 'temperature', { temperature: 2.1 }],
  [400, 'tool_choice', { tool_choice: 'auto' }],
  [400, 'messages', { messages: [{ role: 'developer', content: 'x' }] }],
  [400, 'thinking is not known', { thinking: { type: 'enabled' } }],
  [400, 'do_sample is not known', { do_sample: false }],
  [400, 'tools', { tools: [{ type: 'web_search' }] }],
  [404, 'does not exist', { model: 'glm-4.6' }],
])('a completion is refused with %d for %s', async (status, reason, changes) => {
  expect(await outcomeOf(changes)).toEqual([status, expect.stringContaining(reason)]);
});

test('a key is not asked for, and one that is shown must be right', async () => {
  const show = (authorization?: string) =>
    outcomeOf({}, (draft) => {
      draft.headers.authorization = authorization;
    });
  expect([await show(), await show('Bearer wrong')]).toEqual([
    [200, null],
    [401, '401'],
  ]);
});

test('its models are listed', async () => {
  await using simulator = await startZaiApiSimulator({ service: OPEN_WEIGHTS });
  const { data } = await (await fetch(`${simulator.baseUrl}/models`)).json();
  expect(data.map(({ id }: { id: string }) => id)).toEqual(['zai-org/GLM-4.6', 'house-model']);
});
