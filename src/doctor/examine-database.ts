import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/settings.ts';
import { type InspectedDatabase, inspectDatabase } from '../db/inspect-database.ts';
import { type Examination, type Finding, finding } from './diagnosis.ts';

/** Faults of a file that is broken: the first say enough. */
const MAX_FAULTS = 5;

/** Whether the database can be used; one that is not there yet, whether it can be made. */
export function examineDatabase({ databasePath }: Pick<Config, 'databasePath'>): Examination {
  const findings = findingsOf(databasePath);
  const servable = findings.every(({ state }) => state !== 'failed');
  return { section: { title: 'Database', findings }, servable };
}

function findingsOf(path: string): Finding[] {
  if (path === ':memory:') return [finding('warning', 'file', 'in memory: nothing is kept')];
  try {
    using found = inspectDatabase(path);
    return found === null ? [findPlace(path)] : describe(path, found);
  } catch (error) {
    return [finding('failed', 'file', error instanceof Error ? error.message : String(error))];
  }
}

/** The first start makes the file, and folders that are missing. */
function findPlace(path: string): Finding {
  let folder = dirname(resolve(path));
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return finding('ok', 'file', `${path} is not there yet; the first start makes it`);
  } catch {
    return finding('failed', 'file', `${path} can't be made: ${folder} can't be written`);
  }
}

function describe(path: string, found: InspectedDatabase): Finding[] {
  const { sizeBytes, faults } = found;
  const integrity =
    faults.length === 0
      ? finding('ok', 'integrity', 'sound')
      : finding('failed', 'integrity', faults.slice(0, MAX_FAULTS).join('; '));
  return [
    finding('ok', 'file', `${path}, ${Math.ceil(sizeBytes / 1024)} KiB`),
    describeSchema(found),
    integrity,
  ];
}

function describeSchema({ schemaVersion, newestVersion }: InspectedDatabase): Finding {
  if (schemaVersion === newestVersion) return finding('ok', 'schema', `version ${schemaVersion}`);
  if (schemaVersion < newestVersion) {
    const detail = `version ${schemaVersion}; the next start brings it to ${newestVersion}`;
    return finding('ok', 'schema', detail);
  }
  const detail = `version ${schemaVersion}, of a newer release: this one knows ${newestVersion}`;
  return finding('failed', 'schema', detail);
}
