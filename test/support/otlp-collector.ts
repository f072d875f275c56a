/** A span as OTLP's JSON has it (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  events: { name: string; timeUnixNano: string; attributes: OtlpAttribute[] }[];
  status: { code?: number; message?: string };
}

interface OtlpAttribute {
  key: string;
  value: Record<string, unknown>;
}

interface OtlpExport {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: { scope: { name: string }; spans: OtlpSpan[] }[];
  }[];
}

/** A span, as far as tests look at it. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** '' when it has none. */
  parentSpanId: string;
  name: string;
  kind: 'server' | 'client';
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  /** OTLP's `STATUS_CODE_ERROR`. */
  failed: boolean;
  startMs: number;
  endMs: number;
}

/** A small OTLP/HTTP collector. It reads JSON, and takes protobuf unread. */
export interface OtlpCollector extends Disposable {
  readonly origin: string;
  readonly exports: { path: string; headers: Headers; resource: Record<string, unknown> }[];
  /** In the order in which they came; those that make no sense are in `faults` instead. */
  readonly spans: ReceivedSpan[];
  readonly faults: string[];
}

const KINDS: Record<number, ReceivedSpan['kind']> = { 2: 'server', 3: 'client' };
const ERROR = 2;

/** Starts a collector on 127.0.0.1; `answer` is what an export is answered with, by default 200. */
export function startOtlpCollector(
  answer: () => Response | Promise<Response> = () => Response.json({}),
): OtlpCollector {
  const exports: OtlpCollector['exports'] = [];
  const spans: ReceivedSpan[] = [];
  const faults: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { headers } = request;
      const body = await readBody(request);
      const exported: OtlpExport | null =
        headers.get('content-type') === 'application/json' ? JSON.parse(body.toString()) : null;
      const attributes = exported?.resourceSpans[0]?.resource.attributes ?? [];
      const resource = readAttributes(attributes);
      exports.push({ path: new URL(request.url).pathname, headers, resource });
      for (const { scopeSpans } of exported?.resourceSpans ?? []) {
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
          faults.push(...faultsOf(span));
          spans.push(readSpan(span));
        }
      }
      return answer();
    },
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    exports,
    spans,
    faults,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

async function readBody(request: Request): Promise<Buffer> {
  const bytes = await request.bytes();
  const isPacked = request.headers.get('content-encoding') === 'gzip';
  return Buffer.from(isPacked ? Bun.gunzipSync(bytes) : bytes);
}

/** What OTLP does not allow. */
function faultsOf(span: OtlpSpan): string[] {
  const { traceId, spanId, parentSpanId = '', name, attributes } = span;
  const rules: [boolean, string][] = [
    [/^[0-9a-f]{32}$/.test(traceId), 'traceId'],
    [/^[0-9a-f]{16}$/.test(spanId), 'spanId'],
    [/^([0-9a-f]{16})?$/.test(parentSpanId), 'parentSpanId'],
    [name !== '', 'name'],
    [span.kind in KINDS, 'kind'],
    [BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), 'times'],
    [new Set(attributes.map(({ key }) => key)).size === attributes.length, 'keys'],
    [attributes.every(({ value }) => Object.keys(value).length === 1), 'values'],
  ];
  return rules.filter(([holds]) => !holds).map(([, rule]) => `${rule} of ${JSON.stringify(span)}`);
}

function readSpan(span: OtlpSpan): ReceivedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: KINDS[span.kind] ?? 'client',
    attributes: readAttributes(span.attributes),
    events: span.events.map(({ name, attributes }) => ({
      name,
      attributes: readAttributes(attributes),
    })),
    failed: span.status.code === ERROR,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
    endMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
  };
}

function readAttributes(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
