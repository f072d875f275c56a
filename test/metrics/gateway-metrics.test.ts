import { expect, test } from 'bun:test';
import type { BrakeStatus } from '../../src/credentials/brake.ts';
import type { CredentialStatus } from '../../src/credentials/credential-memory.ts';
import type { GuestStatus } from '../../src/credentials/guest.ts';
import type { Health } from '../../src/credentials/health.ts';
import { GatewayMetrics, type GatewayMetricsOptions } from '../../src/metrics/gateway-metrics.ts';
import { parseExposition } from '../support/parse-exposition.ts';

const HEALTHY: Health = { state: 'healthy', strikes: 0 };
const OUT: Health = { state: 'out', reason: 'rejected' };

function credential(health: Health, disabled = false): CredentialStatus {
  return {
    id: 'c',
    kind: 'account',
    userId: 'u',
    disabled,
    health,
    modelHealth: new Map(),
    counts: { completed: 0, failed: 0, cancelled: 0, lastUsedAtMs: null },
    inFlight: 0,
  };
}

const IDLE: GatewayMetricsOptions = {
  admission: { running: 0, queued: 0 },
  upstreams: [],
  guests: null,
  streamPool: { activeStreams: 0, deaths: 0, survey: async () => [] },
};

/** The samples of all metrics whose names begin so. */
async function samplesOf(prefix: string, state: Partial<GatewayMetricsOptions>) {
  using metrics = new GatewayMetrics({ ...IDLE, ...state });
  const parsed = parseExposition(await metrics.render());
  return Object.fromEntries(
    [...parsed].flatMap(([name, { samples }]) => (name.startsWith(prefix) ? [...samples] : [])),
  );
}

test('who runs and who waits is read at the scrape', async () => {
  const admission = { running: 3, queued: 2 };
  expect(await samplesOf('glm_gateway_running', { admission })).toEqual({
    glm_gateway_running_chats: 3,
  });
  expect(await samplesOf('glm_gateway_queued', { admission })).toEqual({
    glm_gateway_queued_chats: 2,
  });
});

test('credentials are counted by state, and a brake is in one state of three', async () => {
  const brake = { state: 'half-open' } as BrakeStatus;
  const statuses = () => [credential(HEALTHY), credential(OUT), credential(OUT, true)];
  const inFlight = new Map([
    ['one', 2],
    ['guest', 1],
  ]);
  const upstreams = [{ id: 'zai-web', credentials: { brake, inFlight, statuses } }];
  const of = (state: string) => `{upstream="zai-web",state="${state}"}`;
  expect(await samplesOf('glm_gateway_credentials', { upstreams })).toEqual({
    [`glm_gateway_credentials${of('healthy')}`]: 1,
    [`glm_gateway_credentials${of('cooling')}`]: 0,
    [`glm_gateway_credentials${of('probing')}`]: 0,
    [`glm_gateway_credentials${of('out')}`]: 1,
    [`glm_gateway_credentials${of('disabled')}`]: 1,
  });
  expect(await samplesOf('glm_gateway_brake', { upstreams })).toEqual({
    [`glm_gateway_brake${of('closed')}`]: 0,
    [`glm_gateway_brake${of('open')}`]: 0,
    [`glm_gateway_brake${of('half-open')}`]: 1,
  });
  expect(await samplesOf('glm_gateway_leases', { upstreams })).toEqual({
    'glm_gateway_leases{upstream="zai-web"}': 3,
  });
});

test('guests are counted by what they are there for', async () => {
  const guests = { statuses: () => [{ role: 'spare' }, { role: 'spare' }] as GuestStatus[] };
  expect(await samplesOf('glm_gateway_guests', { guests })).toEqual({
    'glm_gateway_guests{role="spare"}': 2,
    'glm_gateway_guests{role="bound"}': 0,
    'glm_gateway_guests{role="leaving"}': 0,
  });
});

test('each thread has its streams and its delay, one that does not answer has no delay', async () => {
  const loopDelay = { p50Ms: 1, p99Ms: 20, maxMs: 300 };
  const survey = async () => [
    { activeStreams: 4, loopDelay },
    { activeStreams: 5, loopDelay: null },
  ];
  const streamPool = { activeStreams: 9, deaths: 1, survey };
  expect(await samplesOf('glm_gateway_thread', { streamPool })).toEqual({
    'glm_gateway_thread_streams{thread="worker-1"}': 4,
    'glm_gateway_thread_streams{thread="worker-2"}': 5,
  });
  expect(await samplesOf('glm_gateway_worker', { streamPool })).toEqual({
    glm_gateway_worker_deaths_total: 1,
  });
  const number = expect.any(Number);
  expect(await samplesOf('glm_gateway_event_loop', { streamPool })).toEqual({
    'glm_gateway_event_loop_delay_seconds{thread="main",stat="p50"}': number,
    'glm_gateway_event_loop_delay_seconds{thread="main",stat="p99"}': number,
    'glm_gateway_event_loop_delay_seconds{thread="main",stat="max"}': number,
    'glm_gateway_event_loop_delay_seconds{thread="worker-1",stat="p50"}': 0.001,
    'glm_gateway_event_loop_delay_seconds{thread="worker-1",stat="p99"}': 0.02,
    'glm_gateway_event_loop_delay_seconds{thread="worker-1",stat="max"}': 0.3,
  });
});

test('streams on the main thread are its own', async () => {
  const streamPool = { ...IDLE.streamPool, activeStreams: 7 };
  expect(await samplesOf('glm_gateway_thread', { streamPool })).toEqual({
    'glm_gateway_thread_streams{thread="main"}': 7,
  });
});

test('the process has memory, CPU time, a begin and a version', async () => {
  const process = await samplesOf('process_', {});
  expect(process).toEqual({
    process_start_time_seconds: expect.any(Number),
    process_cpu_seconds_total: expect.any(Number),
    process_resident_memory_bytes: expect.any(Number),
  });
  expect(Object.values(process).every((value) => value > 0)).toBe(true);
  expect(Object.keys(await samplesOf('glm_gateway_build', {}))).toEqual([
    expect.stringMatching(/^glm_gateway_build_info\{version="\d.*",bun="\d.*"\}$/),
  ]);
});
