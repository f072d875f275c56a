import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { ConfigProblem } from './config-error.ts';

/** The files that may hold settings, in the working directory; an earlier one wins. */
const SETTING_FILES = ['.env.local', '.env', 'config.env'] as const;

/** A place settings come from. */
export type SourceName = 'environment' | (typeof SETTING_FILES)[number];

/** One place's variables, its own and everyone else's. */
export interface SettingSource {
  readonly name: SourceName;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The sources in order of precedence, and the files that are there but can't be read. */
export function readSettingSources(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): { sources: SettingSource[]; problems: ConfigProblem[] } {
  const files: SettingSource[] = [];
  const problems: ConfigProblem[] = [];
  for (const name of SETTING_FILES) {
    try {
      files.push({ name, variables: parseEnv(readFileSync(join(cwd, name), 'utf8')) });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT') problems.push({ name, message: `${name} can't be read: ${code}` });
    }
  }
  const environment = { name: 'environment', variables: withoutFiles(env, files) } as const;
  return { sources: [environment, ...files], problems };
}

/**
 * Bun puts `.env` and `.env.local` into the environment by itself. What a file has as well, in the same
 * words, is the file's, so that an operator is told where to look.
 */
function withoutFiles(
  env: Readonly<Record<string, string | undefined>>,
  files: readonly SettingSource[],
): SettingSource['variables'] {
  const isFiles = (name: string, text: string | undefined) =>
    files.find(({ variables }) => variables[name] !== undefined)?.variables[name] === text;
  return Object.fromEntries(Object.entries(env).filter(([name, text]) => !isFiles(name, text)));
}
