import { describe, expect, test } from 'bun:test';
import { aiSdkClients } from './ai-sdk-clients.ts';
import { EXPECTED_CALLS, FINAL_ANSWER } from './city-tools.ts';
import { langChainClient } from './langchain-client.ts';
import { openAiClient } from './openai-client.ts';
import { ANSWER, CITY, REASONING, SERVING_UPSTREAMS } from './serving-upstreams.ts';

const CLIENTS = [openAiClient, ...aiSdkClients, langChainClient];

describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (_, client) => {
  describe.each(SERVING_UPSTREAMS.map((upstream) => [upstream.id, upstream] as const))(
    'served by %s',
    (_, upstream) => {
      test.each([true, false])('gets text, reasoning and usage (stream: %p)', (stream) =>
        upstream.serve('thinker', async (gateway) => {
          expect(await client.ask(gateway, stream)).toEqual({
            text: ANSWER,
            reasoning: client.readsReasoning ? REASONING : null,
            usage: upstream.usage,
          });
        }),
      );

      test.each([true, false])('comes to its end with tools (stream: %p)', (stream) =>
        upstream.serve('caller', async (gateway) => {
          expect(await client.callTools(gateway, stream)).toEqual({
            text: FINAL_ANSWER,
            log: EXPECTED_CALLS,
          });
        }),
      );

      test('gets an object of its schema', () =>
        upstream.serve('writer of JSON', async (gateway) => {
          expect(await client.askForObject(gateway)).toEqual(CITY);
        }));
    },
  );
});
