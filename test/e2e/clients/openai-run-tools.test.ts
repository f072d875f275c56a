import { describe, expect, test } from 'bun:test';
import { withGateway } from '../../support/with-gateway.ts';
import { type CallLog, cityModel, EXPECTED_CALLS, FINAL_ANSWER, TOOL_WAYS } from './city-tools.ts';
import { createOpenAiTools } from './openai-client.ts';

describe.each(TOOL_WAYS)('with tools in mode %s, answered as %s,', (TOOL_MODE, style) => {
  test.each([true, false])(
    'runTools of the official client comes to its end (stream: %p)',
    (stream) =>
      withGateway({ env: { TOOL_MODE }, script: cityModel(style) }, async ({ gateway }) => {
        const log: CallLog = [];
        const request = {
          model: 'GLM-4.6',
          messages: [{ role: 'user' as const, content: 'How is the weather in Paris and Rome?' }],
          tools: createOpenAiTools(log),
        };
        const { completions } = gateway.openai.chat;
        const runner = stream
          ? completions.runTools({ ...request, stream })
          : completions.runTools({ ...request, stream });
        const content = await runner.finalContent();
        const roles = runner.messages.map(({ role }) => role);
        expect({ content, log, roles, rounds: runner.allChatCompletions().length }).toEqual({
          content: FINAL_ANSWER,
          log: EXPECTED_CALLS,
          roles: ['user', 'assistant', 'tool', 'tool', 'assistant', 'tool', 'assistant'],
          rounds: 3,
        });
      }),
  );
});
