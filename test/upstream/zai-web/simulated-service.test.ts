import { expect, test } from 'bun:test';
import { mintGuest } from '../../../src/credentials/mint-guest.ts';
import { CATALOG } from '../../../src/models/catalog.ts';
import { FeVersion } from '../../../src/upstream/zai-web/fe-version.ts';
import { fetchLiveModels } from '../../../src/upstream/zai-web/live-models.ts';
import { openWebReply } from '../../../src/upstream/zai-web/open-reply.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../../support/zai-web/simulator.ts';
import { makeExchange, makeRequest } from './make-exchange.ts';

const NEVER = new AbortController().signal;
const USER_AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/148.0.0.0 Safari/537.36';

const siteOf = (simulator: ZaiWebSimulator) => ({
  baseUrl: simulator.origin,
  userAgent: USER_AGENT,
  proxyUrl: null,
});

const addAccount = async (simulator: ZaiWebSimulator) => ({
  secret: simulator.addAccount({ userId: 'user-42' }),
  userId: 'user-42',
});

async function addGuest(simulator: ZaiWebSimulator) {
  const minted = await mintGuest(siteOf(simulator), NEVER);
  if (!minted.ok) throw new Error(minted.failure.message);
  return minted.value;
}

const request = makeRequest({
  messages: [
    { role: 'developer', content: 'be brief' },
    {
      role: 'user',
      content: [
        { type: 'text', text: '你好' },
        { type: 'text', text: '🌍' },
      ],
    },
    { role: 'assistant', content: null, tool_calls: [{ id: 'c', function: { name: 'now' } }] },
    { role: 'tool', tool_call_id: 'c', content: 'noon' },
    { role: 'user', content: 'and now, 世界?' },
    { role: 'assistant', content: 'Let me', reasoning_content: 'hm' },
  ],
  temperature: 0,
  topP: 0.5,
  maxTokens: 16,
  thinking: true,
  webSearch: true,
});

/** Every model that the catalog has on the web chat, as it has it. */
const CATALOGUED = CATALOG.flatMap(({ offers }) => offers['zai-web'] ?? []);

/** And the one variant with a server of its own. */
const models = [
  ...CATALOGUED,
  { upstreamId: 'glm-4.7', needsCreatedChat: true, mcpServers: ['advanced-search'] },
];

test.each([
  ['an account', 'flat', addAccount],
  ['a guest', 'nested', addGuest],
] as const)(
  'every model replies to %s, with chats answered %s',
  async (_, createdChatShape, add) => {
    await using simulator = await startZaiWebSimulator({ createdChatShape });
    const site = siteOf(simulator);
    const credential = await add(simulator);
    const feVersion = await new FeVersion({ site, configured: null }).current();
    const replies: [string, boolean][] = [];
    for (const model of models) {
      const { completionsUrl } = simulator;
      const opened = await openWebReply(
        makeExchange({
          completionsUrl,
          feVersion,
          userAgent: USER_AGENT,
          credential,
          model,
          request,
        }),
        NEVER,
      );
      const text = opened.ok ? await new Response(opened.value).text() : opened.failure.message;
      replies.push([model.upstreamId, text.includes('"phase":"done"')]);
    }
    expect({
      replies,
      refusals: simulator.requests.filter(({ refusal }) => refusal !== null),
    }).toEqual({
      replies: models.map(({ upstreamId }) => [upstreamId, true]),
      refusals: [],
    });
  },
);

test('the live list names every model that the catalog has on the web chat', async () => {
  await using simulator = await startZaiWebSimulator();
  const listed = await fetchLiveModels(siteOf(simulator), simulator.addAccount(), NEVER);
  const active = listed.ok ? listed.value.filter((model) => model.active) : [];
  expect(active.map(({ id }) => id)).toEqual(
    expect.arrayContaining(CATALOGUED.map(({ upstreamId }) => upstreamId)),
  );
});
