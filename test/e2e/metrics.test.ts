import { expect, test } from 'bun:test';
import { parseExposition, sampleOf } from '../support/parse-exposition.ts';
import { postChat } from '../support/post-chat.ts';
import { ADMIN_KEY, type TestGateway } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';
import { withGateway } from '../support/with-gateway.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';

const AS_ADMIN = { headers: { authorization: `Bearer ${ADMIN_KEY}` } };

async function scrape(gateway: TestGateway) {
  const response = await gateway.fetch('/metrics', AS_ADMIN);
  return parseExposition(await response.text());
}

test('a chat shows while it runs, and is counted when it is settled', async () => {
  const gate = createGate();
  const script = answerHeldAt(gate, 'before ', 'after');
  await withGateway({ script }, async ({ gateway }) => {
    const reply = postChat(gateway, { model: 'GLM-4.6', stream: true });
    await gate.reached;
    const during = await scrape(gateway);
    const read = (name: string) => sampleOf(during, name);
    expect([
      read('glm_gateway_running_chats'),
      read('glm_gateway_thread_streams{thread="worker-1"}'),
      read('glm_gateway_leases{upstream="zai-web"}'),
    ]).toEqual([1, 1, 1]);

    gate.open();
    await (await reply).text();
    await until(() => gateway.services.running.count === 0);
    const after = await scrape(gateway);
    const labels = 'route="/v1/chat/completions",model="GLM-4.6",upstream="zai-web"';
    expect([
      sampleOf(after, `glm_gateway_chat_requests_total{${labels},outcome="completed"}`),
      sampleOf(after, 'glm_gateway_added_seconds_count'),
      sampleOf(after, 'glm_gateway_running_chats'),
      sampleOf(
        after,
        'glm_gateway_http_requests_total{method="GET",route="/metrics",status="200"}',
      ),
    ]).toEqual([1, 1, 0, 1]);
  });
});

test('what the gateway adds to a reply is little', () =>
  withGateway({ script: plainAnswer('hello') }, async ({ gateway }) => {
    for (let chat = 0; chat < 5; chat += 1) await (await postChat(gateway)).text();
    const added = sampleOf(await scrape(gateway), 'glm_gateway_added_seconds_sum') ?? Number.NaN;
    expect(added).toBeGreaterThan(0);
    expect(added / 5).toBeLessThan(0.25);
  }));

test('the numbers are for the admin, unless they are public', async () => {
  await withGateway({}, async ({ gateway }) => {
    const response = await gateway.fetch('/metrics');
    expect(response.status).toBe(401);
  });
  await withGateway({ env: { METRICS_PUBLIC: 'true' } }, async ({ gateway }) => {
    const response = await fetch(`${gateway.origin}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(parseExposition(await response.text()).size).toBeGreaterThan(20);
  });
});

test('without METRICS_ENABLED there is no such path', () =>
  withGateway({ env: { METRICS_ENABLED: 'false' } }, async ({ gateway }) => {
    expect((await gateway.fetch('/metrics', AS_ADMIN)).status).toBe(404);
  }));
