import { join } from 'node:path';
import type { PageBundle } from './build-page.ts';

/**
 * Bundles the dashboard's page, in a process of its own. Meant to be called as a macro: Bun does not
 * let a macro bundle in its own process, since the bundler waits for the macro.
 *
 * @throws Error with what is wrong with the page's sources.
 */
export function bundlePage(): PageBundle {
  const command = [process.execPath, 'run', join(import.meta.dir, 'build-page.ts')];
  const { success, stdout, stderr } = Bun.spawnSync(command);
  if (!success) throw new Error(`The dashboard could not be bundled: ${stderr.toString()}`);
  return JSON.parse(stdout.toString());
}
