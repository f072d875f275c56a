import packageJson from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { HELP, readCommand } from './command-line.ts';
import { ConfigError } from './config/config-error.ts';
import { ensureKeys, type GatewayKeys } from './config/generated-keys.ts';
import { loadConfig } from './config/load-config.ts';
import { raiseFetchLimit } from './config/raise-fetch-limit.ts';
import type { Config } from './config/settings.ts';
import { describeSettings, type SettingInForce } from './config/settings-in-force.ts';
import { DatabaseError } from './db/database-error.ts';
import { InstanceLockedError, lockInstance } from './db/instance-lock.ts';
import { diagnose } from './doctor/diagnose.ts';
import { writeDiagnosis } from './doctor/write-diagnosis.ts';
import { createLogger, type Logger } from './lib/log.ts';
import { createServices, type Services } from './services.ts';
import { startTracing, type Tracing } from './telemetry/tracing.ts';

/** sysexits.h: the command line is wrong. */
const EX_USAGE = 64;
/** sysexits.h: something outside the settings keeps the gateway from running. */
const EX_UNAVAILABLE = 69;

class ListenError extends Error {
  override readonly name = 'ListenError';
}

// Not awaited: a build with --bytecode can't have a top-level await.
void main();

async function main(): Promise<void> {
  const command = readCommand(Bun.argv.slice(2));
  switch (command.name) {
    case 'serve':
      return start();
    case 'doctor':
      return runDoctor();
    case 'help':
      return void process.stdout.write(HELP);
    case 'version':
      return void process.stdout.write(`${packageJson.version}\n`);
    case 'unknown':
      process.stderr.write(`'${command.text}' is not known.\n\n${HELP}`);
      return process.exit(EX_USAGE);
    default:
      command satisfies never;
  }
}

async function runDoctor(): Promise<void> {
  try {
    const diagnosis = await diagnose(loadConfig());
    process.stdout.write(writeDiagnosis(diagnosis));
    process.exitCode = diagnosis.servable ? 0 : EX_UNAVAILABLE;
  } catch (error) {
    refuseToStart(error);
  }
}

async function start(): Promise<void> {
  const limitWarning = await raiseFetchLimit();
  try {
    const loaded = loadConfig();
    const { config, notices } = loaded;
    using starting = new DisposableStack();
    starting.use(lockInstance(config));
    const keys = await ensureKeys(config);
    showCreatedKeys(keys);
    const log = createLogger({ level: config.logLevel, format: config.logFormat });
    for (const { level, message } of notices) log[level](message);
    for (const message of keys.warnings) log.warn(message);
    if (limitWarning !== null) log.warn(limitWarning);
    const tracing = await startTracing(loaded.otel, { serviceName: config.serviceName, log });
    const serving = serve({ config, keys, log, tracing, settings: describeSettings(loaded) });
    closeOnSignal({ ...serving, lock: starting.move() });
  } catch (error) {
    refuseToStart(error);
  }
}

interface ServeOptions {
  config: Config;
  keys: GatewayKeys;
  log: Logger;
  tracing: Tracing | null;
  settings: readonly SettingInForce[];
}

function serve(options: ServeOptions): Serving {
  const { config, log, tracing } = options;
  const services = createServices({ config, log, tracing });
  const app = createApp({ ...options, services });
  listen(app, config);
  const { server } = app;
  log.info({ url: String(server?.url), pid: process.pid, workers: config.workers }, 'listening');
  return { config, services, log, stopListening: () => server?.stop() };
}

/** Whatever keeps it from listening lies outside: a port in use, a host that is none of ours. */
function listen(app: ReturnType<typeof createApp>, { port, host }: Config): void {
  try {
    app.listen({ port, hostname: host });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(`Cannot listen on ${host}, port ${port}: ${reason}`, { cause: error });
  }
}

interface Serving {
  config: Config;
  services: Services;
  log: Logger;
  stopListening: () => unknown;
}

interface Closing extends Serving {
  /** What keeps other instances out. */
  lock: Disposable;
}

/**
 *   serving ──SIGTERM or SIGINT──▶ draining ──all settled, or the grace is over──▶ exit 0
 *                                     └──SIGINT again: somebody is impatient──▶ exit 130
 *
 * A second SIGTERM changes nothing: whoever signals a process group sends more than one.
 */
function closeOnSignal({ config, services, log, stopListening, lock }: Closing): void {
  let draining = false;
  const close = async (signal: NodeJS.Signals) => {
    if (draining && signal === 'SIGINT') process.exit(130);
    if (draining) return;
    draining = true;
    log.info({ signal, running: services.running.count }, 'draining');
    const drained = services.running.drain(config.shutdownGraceMs);
    stopListening();
    await drained;
    await services[Symbol.asyncDispose]();
    lock[Symbol.dispose]();
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}

/** On stderr and not in the log: logs are kept, and read by others. */
function showCreatedKeys({ created }: GatewayKeys): void {
  for (const { setting, key, path } of created) {
    process.stderr.write(
      `${setting} is not set; generated, shown once, kept in ${path}:\n  ${key}\n`,
    );
  }
}

function refuseToStart(error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  const foreseen = isForeseen(error);
  process.stderr.write(`${foreseen ? error.message : Bun.inspect(error)}\n`);
  process.exit(foreseen ? EX_UNAVAILABLE : 1);
}

/** Whether the message is for the operator, who can do something about it. */
function isForeseen(error: unknown): error is Error {
  return [DatabaseError, InstanceLockedError, ListenError].some((kind) => error instanceof kind);
}
