import { expect } from 'bun:test';
import type { TestGateway } from './start-gateway.ts';
import { until } from './until.ts';
import type { ZaiWebSimulator } from './zai-web/simulator.ts';

/**
 * Waits for the chats to be settled, and asserts that everything they held has come back: permits,
 * leases, streams on threads, connections to the upstream.
 */
export async function expectNothingLeft(
  gateway: TestGateway,
  simulator: ZaiWebSimulator,
): Promise<void> {
  const { chat, running, streamPool, upstreams } = gateway.services;
  const held = () => ({
    chats: running.count,
    permits: chat.admission.running,
    queued: chat.admission.queued,
    streams: streamPool.activeStreams,
    leases: upstreams.inOrder.flatMap(({ credentials }) => [...credentials.inFlight]),
  });
  await simulator.waitFor(() => simulator.openStreams === 0);
  await until(() => running.count === 0 && streamPool.activeStreams === 0);
  expect(held()).toEqual({ chats: 0, permits: 0, queued: 0, streams: 0, leases: [] });
}
