import { expect } from 'bun:test';
import { browserTest as test } from '../support/dashboard/browser-test.ts';
import { logIn, openPage } from '../support/dashboard/with-dashboard.ts';
import { spawnGateway } from '../support/gateway-process.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';

test('an open dashboard goes on after a restart of the gateway, in the same session', async () => {
  await using simulator = await startZaiWebSimulator();
  const page = await openPage();
  await using closing = new AsyncDisposableStack();
  closing.defer(() => page.context().close());
  const before = await spawnGateway(simulator);
  closing.use(before);
  await page.goto(`${before.origin}/dashboard`);
  await logIn(page);
  const sign = page.locator('header').getByRole('status');
  await sign.getByText('Live', { exact: true }).waitFor();

  before.kill('SIGTERM');
  expect(await before.exited).toBe(0);
  await sign.getByText('No connection, trying again').waitFor();
  closing.use(await spawnGateway(simulator, { PORT: new URL(before.origin).port }));
  await sign.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Requests per second').waitFor();
});
