import type { LoadedConfig } from './load-config.ts';
import type { Provenance } from './resolve-setting.ts';
import type { Setting } from './setting.ts';
import type { SourceName } from './setting-sources.ts';
import { type Config, SETTINGS } from './settings.ts';
import { showUrl } from './show-url.ts';

/** A setting as operators are shown it. */
export interface SettingInForce {
  /** As in the environment. */
  readonly name: string;
  /** Of a secret, only whether it is set. */
  readonly value: string;
  readonly source: SourceName | 'default';
  /** The name it was set under, when that is another one; null otherwise. */
  readonly alias: string | null;
  /** What it does, in one line. */
  readonly doc: string;
}

/** Every setting with its value and where that comes from, in the order of the list. */
export function describeSettings({
  config,
  provenance,
}: Pick<LoadedConfig, 'config' | 'provenance'>): SettingInForce[] {
  const keys = Object.keys(SETTINGS) as (keyof Config)[];
  return keys.map((key) => {
    const setting: Setting<unknown> = SETTINGS[key];
    const { source, name } = provenance[key];
    return {
      name: setting.name,
      value: showValue(key, setting, config[key], provenance[key]),
      source,
      alias: name === setting.name ? null : name,
      doc: setting.doc,
    };
  });
}

function showValue(
  key: keyof Config,
  setting: Setting<unknown>,
  value: unknown,
  { source }: Provenance,
): string {
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (source === 'default' && (isEmpty || setting.secret)) {
    return setting.defaultInWords ?? 'not set';
  }
  if (setting.secret) return Array.isArray(value) ? `${value.length} set, hidden` : 'set, hidden';
  return withUnit(key, showPlain(value));
}

function showPlain(value: unknown): string {
  if (Array.isArray(value)) return value.map(showPlain).join(', ');
  if (isAlias(value)) return `${value.name}=${value.target}`;
  return isHttpUrl(value) ? showUrl(value) : String(value);
}

function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//.test(value);
}

function isAlias(value: unknown): value is Config['modelAliases'][number] {
  return typeof value === 'object' && value !== null && 'name' in value && 'target' in value;
}

/** Units are in the keys. */
function withUnit(key: string, text: string): string {
  if (key.endsWith('Ms')) return `${Number(text) / 1000} s`;
  if (key.endsWith('Bytes')) return `${text} bytes`;
  return key.endsWith('Days') ? `${text} days` : text;
}
