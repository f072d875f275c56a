import { expectKeptSecrets } from './expect-kept-secrets.ts';
import { expectNothingLeft } from './expect-nothing-left.ts';
import { expectSettledOnce } from './expect-settled-once.ts';
import { type GatewayOptions, startGateway, type TestGateway } from './start-gateway.ts';
import {
  type SimulatorOptions,
  startZaiWebSimulator,
  type ZaiWebSimulator,
} from './zai-web/simulator.ts';

/** A gateway and the service it serves from. */
export interface Stage {
  gateway: TestGateway;
  simulator: ZaiWebSimulator;
}

export interface StageOptions extends SimulatorOptions, Omit<GatewayOptions, 'env'> {
  /** Settings of the gateway; a function when they name something of the simulator's. */
  env?: Record<string, string> | ((simulator: ZaiWebSimulator) => Record<string, string>);
}

/**
 * Runs a test against a gateway and a simulator of its own. When it has passed, asserts what holds
 * after any test: nothing that a chat held is left, each chat was settled once, and neither a key
 * nor a credential was logged.
 */
export async function withGateway(
  { env = {}, keepAliveMs, imageNetwork, ...simulated }: StageOptions,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using simulator = await startZaiWebSimulator(simulated);
  await using gateway = await startGateway(simulator, {
    env: typeof env === 'function' ? env(simulator) : env,
    ...(keepAliveMs !== undefined && { keepAliveMs }),
    ...(imageNetwork !== undefined && { imageNetwork }),
  });
  await run({ gateway, simulator });
  await expectNothingLeft(gateway, simulator);
  await expectSettledOnce(gateway);
  expectKeptSecrets(gateway, simulator);
}
