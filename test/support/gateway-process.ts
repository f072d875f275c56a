import { join } from 'node:path';
import { ADMIN_KEY, CLIENT_KEY } from './start-gateway.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { ZaiWebSimulator } from './zai-web/simulator.ts';

const COMMAND = [process.execPath, 'run', join(import.meta.dir, '../../src/index.ts')];

/** A gateway started as its users start it: `bun run src/index.ts`, with settings and nothing else. */
export interface GatewayProcess extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
  /** Lines of stdout so far: the log. */
  readonly log: readonly Record<string, unknown>[];
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** The first log line with this message, past or future. */
  logged(msg: string): Promise<Record<string, unknown>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Resolves when the gateway listens. Its environment has nothing of this process but the PATH. */
export async function spawnGateway(
  simulator: ZaiWebSimulator,
  env: Record<string, string> = {},
): Promise<GatewayProcess> {
  const folder = temporaryFolder();
  const child = Bun.spawn(COMMAND, {
    cwd: folder.path,
    env: environment(simulator, env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: Record<string, unknown>[] = [];
  const waiting = new Map<string, PromiseWithResolvers<Record<string, unknown>>>();
  void readLines(child.stdout, (line) => {
    const entry = JSON.parse(line);
    log.push(entry);
    waiting.get(entry.msg)?.resolve(entry);
  });
  const logged = (msg: string) => {
    const found = log.find((entry) => entry.msg === msg);
    if (found) return Promise.resolve(found);
    const waiter = waiting.get(msg) ?? Promise.withResolvers();
    waiting.set(msg, waiter);
    return waiter.promise;
  };
  const early = child.exited.then((code) => Promise.reject(new Error(`it exited with ${code}`)));
  const { url } = await Promise.race([logged('listening'), early]);
  early.catch(() => {}); // later exits are the test's business
  const origin = new URL(String(url)).origin;
  return {
    origin,
    pid: child.pid,
    log,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    logged,
    fetch: (path, init = {}) => {
      const headers = { authorization: `Bearer ${CLIENT_KEY}`, ...init.headers };
      return fetch(origin + path, { ...init, headers });
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child.exited;
      folder[Symbol.dispose]();
    },
  };
}

/** How a gateway ends that must not start, and what it says on stderr. */
export async function refusedStart(
  simulator: ZaiWebSimulator,
  env: Record<string, string>,
): Promise<{ exitCode: number; message: string }> {
  using folder = temporaryFolder();
  const child = Bun.spawn(COMMAND, {
    cwd: folder.path,
    env: environment(simulator, env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const message = await child.stderr.text();
  return { exitCode: await child.exited, message };
}

function environment(
  simulator: ZaiWebSimulator,
  env: Record<string, string>,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    HOST: '127.0.0.1',
    API_KEYS: CLIENT_KEY,
    ADMIN_KEY,
    API_ENDPOINT: simulator.completionsUrl,
    ZAI_TOKENS: simulator.addAccount(),
    LOG_FORMAT: 'json',
    ...env,
  };
}

async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  }
}
