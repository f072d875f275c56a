import { isDeepStrictEqual } from 'node:util';
import type { ConfigProblem } from './config-error.ts';
import { type Machine, ownNamesOf, type Setting } from './setting.ts';
import type { SettingSource, SourceName } from './setting-sources.ts';
import { boolean } from './setting-types.ts';

/** Where a value comes from. */
export interface Provenance {
  readonly source: SourceName | 'default';
  /** The name it was set under; null for a default. */
  readonly name: string | null;
}

/** What became of one setting: a value, or everything that is wrong with it. */
export type ResolvedSetting =
  | { ok: true; value: unknown; provenance: Provenance; aliases: readonly Occurrence[] }
  | { ok: false; problems: readonly ConfigProblem[] };

/** A name of a setting that is set: the text, and the highest source that has it. */
export interface Occurrence {
  readonly name: string;
  readonly source: SourceName;
  readonly text: string;
  /** Of a list whose entries have names of their own: what it was joined of. */
  readonly parts?: readonly Occurrence[];
}

type Reading = { occurrence: Occurrence; value: unknown };

/**
 * Finds a setting's value. Precedence is by name: of one name in several sources the highest counts.
 * Different names of the setting, wherever they are set, must mean the same value.
 */
export function resolveSetting(
  setting: Setting<unknown>,
  sources: readonly SettingSource[],
  machine: Machine,
): ResolvedSetting {
  const { readings, problems } = readOccurrences(setting, sources);
  const [winner, ...others] = readings;
  const disagreeing = others.find((other) => !isDeepStrictEqual(other.value, winner?.value));
  if (winner && disagreeing) problems.push(disagreement(setting, winner, disagreeing));
  if (problems.length > 0) return { ok: false, problems };
  if (!winner) {
    const value = defaultOf(setting, machine);
    return { ok: true, value, provenance: { source: 'default', name: null }, aliases: [] };
  }
  const { source, name } = winner.occurrence;
  const aliases = readings
    .flatMap(({ occurrence }) => occurrence.parts ?? [occurrence])
    .filter((occurrence) => occurrence.name !== setting.name);
  return { ok: true, value: winner.value, provenance: { source, name }, aliases };
}

function readOccurrences(setting: Setting<unknown>, sources: readonly SettingSource[]) {
  const readings: Reading[] = [];
  const problems: ConfigProblem[] = [];
  for (const occurrence of occurrencesOf(setting, sources)) {
    const text = textOf(setting, occurrence);
    if (text === null) continue;
    const value = text === undefined ? undefined : setting.type.parse(text);
    if (value === undefined) problems.push(notAllowed(setting, occurrence));
    else readings.push({ occurrence, value });
  }
  return { readings, problems };
}

/** What the occurrence says in the setting's own terms: null = nothing, undefined = nonsense. */
function textOf(setting: Setting<unknown>, { name, text }: Occurrence): string | null | undefined {
  const whenOn = setting.switches?.[name];
  if (whenOn === undefined) return text;
  const on = boolean.parse(text);
  return on === undefined ? undefined : on ? whenOn : null;
}

function occurrencesOf(setting: Setting<unknown>, sources: readonly SettingSource[]) {
  const own = ownNamesOf(setting).flatMap((name) => occurrenceOf(name, sources));
  const entries = entriesOf(setting, sources);
  if (entries.length > 0) return [joinOccurrences([...own, ...entries])];
  if (own.length > 0) return own;
  return (setting.sharedAliases ?? []).flatMap((name) => occurrenceOf(name, sources)).slice(0, 1);
}

function entriesOf(setting: Setting<unknown>, sources: readonly SettingSource[]): Occurrence[] {
  return Object.entries(setting.entries ?? {}).flatMap(([name, target]) =>
    occurrenceOf(name, sources).map((found) => ({ ...found, text: `${found.text}=${target}` })),
  );
}

/** Parts of one list that were set under names of their own. */
function joinOccurrences(parts: readonly Occurrence[]): Occurrence {
  const [first] = parts;
  if (first === undefined) throw new Error('there are parts to join');
  const join = (key: 'name' | 'text', by: string) => parts.map((part) => part[key]).join(by);
  return { name: join('name', ' and '), source: first.source, text: join('text', ','), parts };
}

function occurrenceOf(name: string, sources: readonly SettingSource[]): Occurrence[] {
  for (const source of sources) {
    const text = source.variables[name]?.trim();
    if (text) return [{ name, source: source.name, text }];
  }
  return [];
}

function defaultOf(setting: Setting<unknown>, machine: Machine): unknown {
  const text = typeof setting.default === 'function' ? setting.default(machine) : setting.default;
  return text === null ? null : setting.type.parse(text);
}

function notAllowed(setting: Setting<unknown>, { name, source, text }: Occurrence): ConfigProblem {
  const wrong = setting.secret ? 'has a wrong value (secret, not shown)' : `is ${quote(text)}`;
  const { allowed } = name in (setting.switches ?? {}) ? boolean : setting.type;
  return { name: setting.name, message: `${name} (${source}) ${wrong}; allowed: ${allowed}` };
}

function disagreement(setting: Setting<unknown>, one: Reading, other: Reading): ConfigProblem {
  const places = [one, other].map(({ occurrence: { name, source, text } }) =>
    setting.secret ? `${name} (${source})` : `${name} (${source}, ${quote(text)})`,
  );
  const message = `${places.join(' and ')} are one setting but disagree; keep ${setting.name} only`;
  return { name: setting.name, message };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
