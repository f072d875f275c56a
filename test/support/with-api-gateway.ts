import { expectKeptSecrets } from './expect-kept-secrets.ts';
import type { TestGateway } from './start-gateway.ts';
import { withGateway } from './with-gateway.ts';
import type { KeyAccount } from './zai-api/keys.ts';
import {
  startZaiApiSimulator,
  type ZaiApiSimulator,
  type SimulatorOptions as ZaiApiSimulatorOptions,
} from './zai-api/simulator.ts';
import type { SimulatorOptions, ZaiWebSimulator } from './zai-web/simulator.ts';

/** A gateway and the services it serves from. */
export interface ApiStage {
  gateway: TestGateway;
  api: ZaiApiSimulator;
  /** The keys that the gateway has for it, in their order. */
  keys: readonly string[];
  /** The web chat, which serves only when `UPSTREAMS` names it. */
  web: ZaiWebSimulator;
}

interface ApiStageOptions extends ZaiApiSimulatorOptions {
  /** What stands behind each of the gateway's keys. Default: one that has everything. */
  keys?: readonly Partial<KeyAccount>[];
  /** How the web chat behaves. */
  web?: SimulatorOptions;
  /** Settings of the gateway. */
  env?: Record<string, string>;
  /** The longest silence of a client's stream, in ms. */
  keepAliveMs?: number;
}

/**
 * As `withGateway`, with the API as the upstream; in its own dialect, since the simulator is not at
 * an address of Z.ai's.
 */
export async function withApiGateway(
  { keys = [{}], web = {}, env = {}, keepAliveMs, ...simulated }: ApiStageOptions,
  run: (stage: ApiStage) => Promise<void>,
): Promise<void> {
  await using api = await startZaiApiSimulator(simulated);
  const secrets = keys.map((account) => api.addKey(account));
  const settings = {
    UPSTREAMS: 'zai-api',
    ZAI_API_KEYS: secrets.join(','),
    ZAI_API_BASE_URL: api.baseUrl,
    ZAI_API_DIALECT: 'zai',
    ...env,
  };
  const options = { ...web, env: settings, ...(keepAliveMs !== undefined && { keepAliveMs }) };
  await withGateway(options, async ({ gateway, simulator }) => {
    await run({ gateway, api, keys: secrets, web: simulator });
    await api.waitFor(() => api.openStreams === 0);
    expectKeptSecrets(
      gateway,
      simulator,
      secrets.flatMap((secret) => secret.split('.')),
    );
  });
}
