import type { CredentialPool } from '../../src/credentials/credential-pool.ts';
import type { TestGateway } from './start-gateway.ts';
import { until } from './until.ts';

/** The accounts and guests that a gateway chats with. */
export function webPool({ services }: TestGateway): CredentialPool {
  const { web } = services.upstreams;
  if (web === null) throw new Error('the gateway does not use the web chat');
  return web.credentials;
}

/** Resolves when so many accounts have been validated and can be lent. */
export function untilAdmitted(gateway: TestGateway, count: number): Promise<void> {
  return until(() => webPool(gateway).statuses().length === count);
}

/**
 * The health of each account, in the order in which they were given: `healthy`, or the state and
 * what led to it, as `cooling: rate-limited`.
 */
export function healthsOf(gateway: TestGateway): string[] {
  return webPool(gateway)
    .statuses()
    .map(({ health }) => ('kind' in health ? `${health.state}: ${health.kind}` : health.state));
}
