import { availableParallelism } from 'node:os';
import { ConfigError } from './config-error.ts';
import {
  type ConfigNotice,
  noticesOnAliases,
  noticesOnMisspelledNames,
  noticesOnOpenAccess,
} from './config-notice.ts';
import { type OtelVariables, readOtelVariables } from './otel-variables.ts';
import { type Provenance, resolveSetting } from './resolve-setting.ts';
import type { Machine } from './setting.ts';
import { readSettingSources } from './setting-sources.ts';
import { type Config, SETTINGS } from './settings.ts';

/** The settings, and how they came about. */
export interface LoadedConfig {
  readonly config: Config;
  /** Where each value comes from, by its key in `config`. */
  readonly provenance: Readonly<Record<keyof Config, Provenance>>;
  readonly notices: readonly ConfigNotice[];
  /** OpenTelemetry's variables, which are no settings. */
  readonly otel: OtelVariables;
}

/** Where to read the settings; each part defaults to the running process. */
interface LoadConfigOptions {
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  machine?: Machine;
}

/**
 * Reads the settings from the environment, then `.env.local`, `.env` and `config.env` in `cwd`. An
 * empty value counts as not set; a variable that is no setting is ignored.
 *
 * @throws ConfigError with everything that is wrong.
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const { env = process.env, cwd = process.cwd(), machine = thisMachine() } = options;
  const { sources, problems } = readSettingSources(env, cwd);
  const notices = sources.flatMap(noticesOnMisspelledNames);
  const values: Record<string, unknown> = {};
  const provenance: Record<string, Provenance> = {};
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const resolved = resolveSetting(setting, sources, machine);
    if (resolved.ok) {
      values[key] = resolved.value;
      provenance[key] = resolved.provenance;
      notices.push(...noticesOnAliases(setting.name, resolved.aliases));
    } else {
      problems.push(...resolved.problems);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Filled key by key from the list that the type is made of, which the compiler can't follow.
  const config = values as Config;
  notices.push(...noticesOnOpenAccess(config));
  return {
    config,
    provenance: provenance as LoadedConfig['provenance'],
    notices,
    otel: readOtelVariables(sources),
  };
}

function thisMachine(): Machine {
  return { cores: availableParallelism(), stdoutIsTerminal: process.stdout.isTTY === true };
}
