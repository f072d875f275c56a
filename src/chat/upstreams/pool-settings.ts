import type { Config } from '../../config/settings.ts';
import type { CredentialPoolOptions } from '../../credentials/credential-pool.ts';

/** What the settings say of any upstream's credentials. */
export function poolSettings(
  config: Pick<
    Config,
    | 'tokenFailureThreshold'
    | 'tokenRecoveryTimeoutMs'
    | 'upstreamRecoveryTimeoutMs'
    | 'credentialConcurrency'
  >,
): Pick<CredentialPoolOptions, 'policy' | 'brakePolicy' | 'maxInFlight'> {
  return {
    policy: {
      failureThreshold: config.tokenFailureThreshold,
      recoveryMs: config.tokenRecoveryTimeoutMs,
    },
    brakePolicy: { recoveryMs: config.upstreamRecoveryTimeoutMs },
    maxInFlight: config.credentialConcurrency,
  };
}
