import { untilAdmitted } from './web-pool.ts';
import { type Stage, type StageOptions, withGateway } from './with-gateway.ts';

interface AccountStage extends Stage {
  /** The accounts' tokens, in the order in which the gateway has them. */
  tokens: readonly string[];
}

interface AccountStageOptions extends StageOptions {
  env?: Record<string, string>;
}

/**
 * As `withGateway`, with so many accounts, which have been admitted when the test begins, and no
 * guests unless `env` allows them.
 */
export function withAccounts(
  count: number,
  { env = {}, ...options }: AccountStageOptions,
  run: (stage: AccountStage) => Promise<void>,
): Promise<void> {
  const tokens: string[] = [];
  return withGateway(
    {
      ...options,
      env(simulator) {
        for (let i = 0; i < count; i += 1) tokens.push(simulator.addAccount());
        return { ANONYMOUS_MODE: 'false', ...env, ZAI_TOKENS: tokens.join(',') };
      },
    },
    async (stage) => {
      await untilAdmitted(stage.gateway, count);
      await run({ ...stage, tokens });
    },
  );
}
