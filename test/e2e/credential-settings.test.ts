import { expect, test } from 'bun:test';
import { postChat } from '../support/post-chat.ts';
import { healthsOf } from '../support/web-pool.ts';
import { withAccounts } from '../support/with-accounts.ts';
import { withGateway } from '../support/with-gateway.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { pacedAnswer } from '../support/zai-web/scenarios/paced-answer.ts';

test('CREDENTIAL_CONCURRENCY is what one account carries at once; the others wait and are served', () =>
  withGateway(
    { script: pacedAnswer(3, 10), env: { CREDENTIAL_CONCURRENCY: '2', ANONYMOUS_MODE: 'false' } },
    async ({ gateway, simulator }) => {
      let most = 0;
      let isDone = false;
      const watching = simulator.waitFor(() => {
        most = Math.max(most, simulator.openStreams);
        return isDone;
      });
      const replies = await Promise.all(
        Array.from({ length: 8 }, async () => (await postChat(gateway)).text()),
      );
      isDone = true;
      await (await postChat(gateway)).text();
      await watching;
      expect([most, replies.every((reply) => reply.endsWith('[DONE]\n\n'))]).toEqual([2, true]);
    },
  ));

test('TOKEN_FAILURE_THRESHOLD is how many failures in a row set an account aside', () => {
  let calls = 0;
  const script = () => {
    calls += 1;
    return calls === 1 ? { steps: [] } : plainAnswer('Hello.');
  };
  const env = { TOKEN_FAILURE_THRESHOLD: '1', TOKEN_RECOVERY_TIMEOUT: '1h' };
  return withAccounts(2, { script, env }, async ({ gateway }) => {
    await (await postChat(gateway)).text();
    expect(healthsOf(gateway).toSorted()).toEqual(['cooling: broken-stream', 'healthy']);
  });
});
