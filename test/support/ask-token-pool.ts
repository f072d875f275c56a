import { ADMIN_KEY, type TestGateway } from './start-gateway.ts';

/** One call of the token pool's API with the admin key, and its answer. */
export async function askTokenPool(
  gateway: Pick<TestGateway, 'fetch'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const response = await gateway.fetch(`/v1/token-pool/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** Resolves when the gateway knows of each of its tokens what the service says of it. */
export async function tokensChecked(gateway: Pick<TestGateway, 'fetch'>): Promise<void> {
  const checking = async () => {
    const { upstreams } = (await askTokenPool(gateway, 'GET', 'status')).body;
    return upstreams.some(({ tokens }: { tokens: { checking: number } }) => tokens.checking > 0);
  };
  while (await checking());
}
