import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { refusedStart, spawnGateway } from '../support/gateway-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';

test('a second gateway of the same name on the same data is told whose they are, and exits with 69', async () => {
  using data = temporaryFolder();
  const env = { DATABASE_PATH: join(data.path, 'gateway.db') };
  await using simulator = await startZaiWebSimulator();
  await using first = await spawnGateway(simulator, env);
  const { exitCode, message } = await refusedStart(simulator, env);
  expect({ exitCode, lines: message.trim().split('\n').length }).toEqual({
    exitCode: 69,
    lines: 1,
  });
  expect(message).toContain(`pid ${first.pid} `);
  expect(message).toContain(join(data.path, 'glm-gateway.lock'));
  expect((await first.fetch('/v1/models')).status).toBe(200);
});

test('the lock of a gateway that was killed is taken over, and of one that ended well too', async () => {
  using data = temporaryFolder();
  const env = { DATABASE_PATH: join(data.path, 'gateway.db') };
  await using simulator = await startZaiWebSimulator();
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await using gateway = await spawnGateway(simulator, env);
    gateway.kill(signal);
    await gateway.exited;
  }
  await using last = await spawnGateway(simulator, env);
  expect((await last.fetch('/v1/models')).status).toBe(200);
});

test('a gateway of another name may share the data', async () => {
  using data = temporaryFolder();
  const env = { DATABASE_PATH: join(data.path, 'gateway.db') };
  await using simulator = await startZaiWebSimulator();
  await using first = await spawnGateway(simulator, env);
  await using other = await spawnGateway(simulator, { ...env, SERVICE_NAME: 'other' });
  const answers = await Promise.all([first, other].map((gateway) => gateway.fetch('/v1/models')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});
