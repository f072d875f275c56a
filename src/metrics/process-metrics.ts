import { Counter, Gauge, type Registry } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };

/** Shows the process: what it is, when it began, its memory and its CPU time. */
export function showProcess(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'glm_gateway_build_info',
    help: '1, with what this gateway is.',
    labelNames: ['version', 'bun'],
    registers,
  }).set({ version: packageJson.version, bun: Bun.version }, 1);
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process began, in Unix time.',
    registers,
  }).set(performance.timeOrigin / 1_000);
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time that the process has used, its threads included.',
    registers,
    collect() {
      const used = process.cpuUsage();
      this.reset();
      this.inc((used.user + used.system) / 1e6);
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that is in RAM.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'glm_gateway_heap_bytes',
    help: 'Memory of the main thread’s objects.',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
}
