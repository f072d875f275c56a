import { describe, expect, test } from 'bun:test';
import {
  type CompletionDraft,
  createChat,
  type DraftFacts,
  draftCompletion,
  sendDraft,
} from './correct-request.ts';
import { createGate } from './gate.ts';
import { answerHeldAt } from './scenarios/answers.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from './simulator.ts';

const USER_ID = 'user-42';

function draftFor(simulator: ZaiWebSimulator, facts: Partial<DraftFacts> = {}): CompletionDraft {
  const token = simulator.addAccount({ userId: USER_ID });
  return draftCompletion({ origin: simulator.origin, token, userId: USER_ID, ...facts });
}

async function outcomeOf(draft: CompletionDraft, simulator: ZaiWebSimulator) {
  const response = await sendDraft(draft);
  const body = await response.text();
  return { status: response.status, body, refusal: simulator.requests.at(-1)?.refusal };
}

describe('a completion is accepted', () => {
  test('when nothing is wrong with it', async () => {
    await using simulator = await startZaiWebSimulator();
    expect(await outcomeOf(draftFor(simulator), simulator)).toEqual({
      status: 200,
      body: expect.stringContaining('"delta_content"'),
      refusal: null,
    });
  });

  test('with the signature that is known for its timestamp, ids and prompt', async () => {
    const now = 1_764_000_000_000;
    await using simulator = await startZaiWebSimulator({ now: () => now });
    const requestId = '11111111-2222-4333-8444-555555555555';
    const draft = draftFor(simulator, { now, requestId });
    draft.headers['x-signature'] =
      '82d007df39677f28f7e197a3edcb39b8139d02170b7c3f04441acbfd3211229e';
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('on the older path', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = { ...draftFor(simulator), path: '/api/chat/completions' };
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('when the prompt is the text parts of the last user message', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator, { prompt: 'two parts' });
    const parts = ['two', 'parts'].map((text) => ({ type: 'text', text }));
    draft.body.messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'earlier' },
      { role: 'user', content: parts },
      { role: 'assistant', content: 'a start' },
    ];
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('without a user message, when the empty text is signed', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator, { prompt: '' });
    draft.body.messages = [{ role: 'system', content: 'Say something.' }];
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('from a front-end version that is newer by number, though not as text', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator, { feVersion: 'prod-fe-1.0.100' });
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('with the chat and the tool servers that its model needs', async () => {
    await using simulator = await startZaiWebSimulator();
    const token = simulator.addAccount({ userId: USER_ID });
    const chatId = await createChat(simulator.origin, token);
    const draft = draftFor(simulator, { token, chatId, model: 'glm-4.6v' });
    draft.body.mcp_servers = ['vlm-image-search', 'vlm-image-recognition', 'vlm-image-processing'];
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('with tools, described or not', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator);
    const parameters = { type: 'object', properties: {} };
    draft.body.tools = [
      { type: 'function', function: { name: 'now' } },
      { type: 'function', function: { name: 'a.b-c_1', description: 'Does it.', parameters } },
    ];
    draft.body.tool_choice = 'auto';
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });

  test('for a model that only the live list has', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator, { model: 'glm-next-preview' });
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 200, refusal: null });
  });
});

describe('a completion is not served', () => {
  test('twice under one request id', async () => {
    await using simulator = await startZaiWebSimulator();
    const draft = draftFor(simulator);
    await outcomeOf(draft, simulator);
    expect(await outcomeOf(draft, simulator)).toMatchObject({
      status: 400,
      refusal: 'query.requestId was used before',
    });
  });

  test('in a chat that another token created', async () => {
    await using simulator = await startZaiWebSimulator();
    const chatId = await createChat(simulator.origin, simulator.addAccount());
    const draft = draftFor(simulator, { chatId, model: 'glm-4.7' });
    expect(await outcomeOf(draft, simulator)).toMatchObject({
      status: 400,
      refusal: 'body.chat_id was not created by this token, which glm-4.7 needs',
    });
  });

  test('when it names too few tool servers', async () => {
    await using simulator = await startZaiWebSimulator();
    const token = simulator.addAccount({ userId: USER_ID });
    const chatId = await createChat(simulator.origin, token);
    const draft = draftFor(simulator, { token, chatId, model: 'glm-4.6v' });
    draft.body.mcp_servers = ['vlm-image-search', 'vlm-image-recognition'];
    expect(await outcomeOf(draft, simulator)).toMatchObject({
      status: 400,
      refusal: 'body.mcp_servers lacks vlm-image-processing',
    });
  });

  test('when the landing page has moved on to a newer version', async () => {
    await using simulator = await startZaiWebSimulator();
    simulator.feVersion = 'prod-fe-1.1.0';
    expect(await outcomeOf(draftFor(simulator), simulator)).toMatchObject({
      status: 426,
      refusal: 'X-FE-Version is prod-fe-1.0.95, current is prod-fe-1.1.0',
    });
  });

  test('to a token that was revoked', async () => {
    await using simulator = await startZaiWebSimulator();
    const token = simulator.addAccount({ userId: USER_ID });
    simulator.revokeToken(token);
    const draft = draftFor(simulator, { token });
    expect(await outcomeOf(draft, simulator)).toMatchObject({ status: 401 });
  });

  test('to a guest at its limit, until it deletes its chats', async () => {
    await using simulator = await startZaiWebSimulator({ guestChatLimit: 1 });
    const token = simulator.addAccount({ userId: USER_ID, role: 'guest' });
    const statusOfNext = async () => {
      return (await outcomeOf(draftFor(simulator, { token }), simulator)).status;
    };
    const before = [await statusOfNext(), await statusOfNext()];
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${simulator.origin}/api/v1/chats/`, { method: 'DELETE', headers });
    expect([...before, await statusOfNext()]).toEqual([200, 429, 200]);
  });

  test('to a guest with as many running as it may, until one ends or it deletes its chats', async () => {
    const held = createGate();
    await using simulator = await startZaiWebSimulator({
      guestConcurrency: 1,
      script: answerHeldAt(held, 'a', 'b'),
    });
    const token = simulator.addAccount({ userId: USER_ID, role: 'guest' });
    const ask = () => sendDraft(draftFor(simulator, { token }));
    const first = await ask();
    const statuses = [first.status, (await ask()).status];
    held.open();
    await first.text();
    simulator.script(answerHeldAt(createGate(), 'a', 'b'));
    statuses.push((await ask()).status, (await ask()).status);
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${simulator.origin}/api/v1/chats/`, { method: 'DELETE', headers });
    statuses.push((await ask()).status);
    expect({ statuses, guests: simulator.guests }).toMatchObject({
      statuses: [200, 429, 200, 429, 200],
      guests: [{ token, userId: USER_ID, chats: 3, deletions: 1 }],
    });
  });
});

test('a refusal names everything that is wrong, and no secret', async () => {
  await using simulator = await startZaiWebSimulator();
  const draft = draftFor(simulator);
  Object.assign(draft.query, { token: 'a-secret', platform: 'ios' });
  const { refusal } = await outcomeOf(draft, simulator);
  expect(refusal).toBe('query.platform is not what it must be; query.token is not what it must be');
});
