import { join } from 'node:path';

const ENTRY = join(import.meta.dir, '../../src/index.ts');

/** What a run of the program came to. */
export interface CommandEnd {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs `bun run src/index.ts` with arguments; nothing of this process's environment but the PATH. */
export async function runCommand(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<CommandEnd> {
  const child = Bun.spawn([process.execPath, 'run', ENTRY, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, stdout, stderr };
}
