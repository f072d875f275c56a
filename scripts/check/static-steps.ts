import { runCommand } from './run-command.ts';
import type { StepResult } from './step-result.ts';

// `x` is bunx; the tools are those of node_modules, never fetched, and run in this Bun, not in Node.
const TOOL = [process.execPath, 'x', '--bun', '--no-install'] as const;

/** The steps that only read the sources. Each is the commands that must all succeed. */
export const STATIC_STEPS = {
  lint: [[...TOOL, 'biome', 'ci', '--colors=off', '--error-on-warnings']],
  types: [
    [...TOOL, 'tsc', '--noEmit'],
    // The page runs in a browser, which has other globals.
    [...TOOL, 'tsc', '--noEmit', '--project', 'src/dashboard/page'],
  ],
  'dead-code': [
    [...TOOL, 'knip', '--no-progress'],
    // Without the tests: what only they import is dead in the product.
    [...TOOL, 'knip', '--no-progress', '--production'],
  ],
} as const;

export type StaticStepName = keyof typeof STATIC_STEPS;

/** Runs one step: one check passed or failed. */
export async function runStaticStep(name: StaticStepName): Promise<StepResult> {
  const runs = await Promise.all(STATIC_STEPS[name].map(runCommand));
  const failures = runs.filter((run) => run.exitCode !== 0);
  const failed = failures.length > 0 ? 1 : 0;
  return { passed: 1 - failed, failed, report: failures.map((run) => run.output).join('\n\n') };
}
