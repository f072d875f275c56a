import type { OtelVariables } from '../config/otel-variables.ts';
import { readOtelList, readOtelNumber, readOtelWord } from './read-otel.ts';

/** Where spans go, and which. */
export interface TraceOptions {
  url: string;
  protocol: (typeof PROTOCOLS)[number];
  /** May hold a secret. */
  headers: Readonly<Record<string, string>>;
  compression: (typeof COMPRESSIONS)[number];
  /** For one export, in ms. */
  timeoutMs: number;
  sampler: (typeof SAMPLERS)[number];
  /** For the samplers by ratio, from 0 to 1. */
  sampleRatio: number;
  /** `service.name` among them. */
  resource: Readonly<Record<string, string>>;
  batch: { delayMs: number; timeoutMs: number; maxQueue: number; maxSpans: number };
}

export interface TraceReading {
  /** null = OpenTelemetry is off. */
  options: TraceOptions | null;
  /** What is not understood, for the log. */
  warnings: readonly string[];
}

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const COMPRESSIONS = ['none', 'gzip'] as const;
const EXPORTERS = ['otlp', 'none'] as const;
const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

const DEFAULT_ENDPOINT = 'http://localhost:4318';

/**
 * What OpenTelemetry's variables come to. Spans are exported when an endpoint is set, or
 * `OTEL_TRACES_EXPORTER` is `otlp`. What makes no sense is warned of, and its default counts.
 *
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readTraceOptions(variables: OtelVariables, serviceName: string): TraceReading {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const off: TraceReading = { options: null, warnings };
  if (variables.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return off;
  const exporter = readOtelWord(variables, 'OTEL_TRACES_EXPORTER', EXPORTERS, null, warn);
  const endpoint = readEndpoint(variables);
  if (exporter === 'none' || (exporter === null && endpoint === null)) return off;
  const url = urlOf(endpoint ?? ofAllSignals(DEFAULT_ENDPOINT));
  if (url === null) {
    warn(`${endpoint?.name} is no http:// or https:// URL; no spans are sent`);
    return off;
  }
  const exporting = readExporting({ variables, url, serviceName, warn });
  return { options: { ...exporting, ...readSampling(variables, warn) }, warnings };
}

interface Endpoint {
  name: string;
  text: string;
  /** What is appended to its path. */
  path: string;
}

function readEndpoint(variables: OtelVariables): Endpoint | null {
  const name = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const ofTraces = variables[name];
  if (ofTraces !== undefined) return { name, text: ofTraces, path: '' };
  const ofAll = variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  return ofAll === undefined ? null : ofAllSignals(ofAll);
}

/** Only an endpoint for all signals gets a path of its own for each. */
function ofAllSignals(text: string): Endpoint {
  return { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', text, path: '/v1/traces' };
}

function urlOf({ text, path }: Endpoint): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (path !== '') url.pathname = url.pathname.replace(/\/$/, '') + path;
  return url.href;
}

interface ExportingVariables {
  variables: OtelVariables;
  url: string;
  serviceName: string;
  warn: (message: string) => void;
}

function readExporting({ variables, url, serviceName, warn }: ExportingVariables) {
  /** The name for traces wins over that for all signals. */
  const nameOf = (what: string) => {
    const ofTraces = `OTEL_EXPORTER_OTLP_TRACES_${what}`;
    return ofTraces in variables ? ofTraces : `OTEL_EXPORTER_OTLP_${what}`;
  };
  const number = (name: string, fallback: number) =>
    readOtelNumber(variables, name, { min: 1, max: 2 ** 31 - 1 }, fallback, warn);
  return {
    url,
    protocol: readOtelWord(variables, nameOf('PROTOCOL'), PROTOCOLS, PROTOCOLS[0], warn),
    compression: readOtelWord(
      variables,
      nameOf('COMPRESSION'),
      COMPRESSIONS,
      COMPRESSIONS[0],
      warn,
    ),
    headers: readOtelList(variables, nameOf('HEADERS'), warn),
    timeoutMs: number(nameOf('TIMEOUT'), 10_000),
    resource: {
      'service.name': serviceName,
      ...readOtelList(variables, 'OTEL_RESOURCE_ATTRIBUTES', warn),
      ...('OTEL_SERVICE_NAME' in variables && { 'service.name': variables.OTEL_SERVICE_NAME }),
    },
    batch: {
      delayMs: number('OTEL_BSP_SCHEDULE_DELAY', 5_000),
      timeoutMs: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
      maxQueue: number('OTEL_BSP_MAX_QUEUE_SIZE', 2_048),
      maxSpans: number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
    },
  };
}

function readSampling(variables: OtelVariables, warn: (message: string) => void) {
  const sampler = readOtelWord(variables, 'OTEL_TRACES_SAMPLER', SAMPLERS, SAMPLERS[0], warn);
  const range = { min: 0, max: 1 };
  const sampleRatio = readOtelNumber(variables, 'OTEL_TRACES_SAMPLER_ARG', range, 1, warn);
  return { sampler, sampleRatio };
}
