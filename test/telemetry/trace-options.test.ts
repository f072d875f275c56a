import { describe, expect, test } from 'bun:test';
import { readTraceOptions } from '../../src/telemetry/trace-options.ts';

const read = (variables: Record<string, string>) => readTraceOptions(variables, 'glm-gateway');
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const DEFAULTS = {
  url: 'http://collector:4318/v1/traces',
  protocol: 'http/protobuf',
  headers: {},
  compression: 'none',
  timeoutMs: 10_000,
  sampler: 'parentbased_always_on',
  sampleRatio: 1,
  resource: { 'service.name': 'glm-gateway' },
  batch: { delayMs: 5_000, timeoutMs: 30_000, maxQueue: 2_048, maxSpans: 512 },
} as const;

describe('OpenTelemetry is off', () => {
  test.each([
    ['when nothing is said', {}],
    ['when only the name of the service is', { OTEL_SERVICE_NAME: 'mine' }],
    ['when the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['when traces go nowhere', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('%s', (_name, variables) => {
    expect(read(variables)).toEqual({ options: null, warnings: [] });
  });

  test('and says so, when the endpoint is no URL', () => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toEqual({
      options: null,
      warnings: ['OTEL_EXPORTER_OTLP_ENDPOINT is no http:// or https:// URL; no spans are sent'],
    });
  });
});

describe('OpenTelemetry is on', () => {
  test('when there is an endpoint, with the defaults of the standard', () => {
    expect(read(ENDPOINT)).toEqual({ options: DEFAULTS, warnings: [] });
  });

  test('when it is asked for, at the collector of this machine', () => {
    const { options } = read({ OTEL_TRACES_EXPORTER: 'otlp' });
    expect(options).toEqual({ ...DEFAULTS, url: 'http://localhost:4318/v1/traces' });
  });

  test('an endpoint for traces is taken as it is, one for all signals gets a path', () => {
    const urlOf = (variables: Record<string, string>) => read(variables).options?.url;
    expect([
      urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://host/otlp/' }),
      urlOf({ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://host/ingest?key=k' }),
    ]).toEqual(['https://host/otlp/v1/traces', 'https://host/ingest?key=k']);
  });

  test('what is said for traces wins over what is said for all signals', () => {
    const { options } = read({
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=all',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Basic%20abc, b = two',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    expect(options).toEqual({
      ...DEFAULTS,
      protocol: 'http/json',
      headers: { authorization: 'Basic abc', b: 'two' },
      timeoutMs: 1_000,
      compression: 'gzip',
    });
  });

  test('the service’s name wins over that among the attributes', () => {
    const attributes = {
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=theirs,deployment.environment=eu',
    };
    expect(read({ ...ENDPOINT, ...attributes }).options?.resource).toEqual({
      'service.name': 'theirs',
      'deployment.environment': 'eu',
    });
    const both = { ...ENDPOINT, ...attributes, OTEL_SERVICE_NAME: 'mine' };
    expect(read(both).options?.resource['service.name']).toBe('mine');
  });

  test('what makes no sense is warned of without its value, and its default counts', () => {
    const nonsense = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'secret-key',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '2',
      OTEL_BSP_MAX_QUEUE_SIZE: 'many',
      OTEL_UNHEARD_OF: 'x',
    };
    const samplers =
      'parentbased_always_on, parentbased_always_off, parentbased_traceidratio, ' +
      'always_on, always_off, traceidratio';
    expect(read(nonsense)).toEqual({
      options: DEFAULTS,
      warnings: [
        'OTEL_EXPORTER_OTLP_PROTOCOL is none of http/protobuf, http/json; it is ignored',
        'OTEL_EXPORTER_OTLP_HEADERS has an entry that is not key=value; it is left out',
        'OTEL_BSP_MAX_QUEUE_SIZE is no number from 1 to 2147483647; it is ignored',
        `OTEL_TRACES_SAMPLER is none of ${samplers}; it is ignored`,
        'OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1; it is ignored',
      ],
    });
  });
});
