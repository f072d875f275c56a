import { Counter, Registry } from 'prom-client';
import { LoopWatch } from '../lib/loop-delay.ts';
import type { RequestRecord } from '../stats/request-record.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';
import { ChatMetrics } from './chat-metrics.ts';
import { showProcess } from './process-metrics.ts';
import { type GatewayState, showState } from './state-metrics.ts';
import { ThreadMetrics } from './thread-metrics.ts';

export interface GatewayMetricsOptions extends GatewayState {
  streamPool: Pick<StreamPool, 'activeStreams' | 'deaths' | 'survey'>;
}

/** An answer of the gateway, whatever the route. */
export interface Answer {
  /** Of the few that HTTP knows: `_OTHER` stands for the rest. */
  method: string;
  /** The route's pattern, which has no part of the path that differs; null when none was found. */
  route: string | null;
  status: number;
}

/**
 * The numbers that `/metrics` shows, of this process since it began. There is no prompt, no name of a
 * client and no credential in them, and their labels have a bounded number of values.
 */
export class GatewayMetrics implements Disposable {
  /** The text format, as Prometheus names it. */
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #loop = new LoopWatch();
  readonly #chats: ChatMetrics;
  readonly #threads: ThreadMetrics;
  readonly #answers: Counter<'method' | 'route' | 'status'>;

  constructor({ streamPool, ...state }: GatewayMetricsOptions) {
    const registry = this.#registry;
    this.contentType = registry.contentType;
    this.#answers = new Counter({
      name: 'glm_gateway_http_requests_total',
      help: 'HTTP requests that were answered; of a stream, when it began.',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
    });
    this.#chats = new ChatMetrics(registry);
    showState(registry, state);
    this.#threads = new ThreadMetrics(registry, { streamPool, loop: this.#loop });
    showProcess(registry);
  }

  answered({ method, route, status }: Answer): void {
    this.#answers.inc({ method, route: route ?? 'none', status: String(status) });
  }

  settled(record: RequestRecord): void {
    this.#chats.settled(record);
  }

  /** All of it in Prometheus' text format, as of now. Takes a second when a thread hangs. */
  async render(): Promise<string> {
    await this.#threads.refresh();
    return this.#registry.metrics();
  }

  [Symbol.dispose](): void {
    this.#loop[Symbol.dispose]();
  }
}
