import type { ModelAlias } from '../models/model-alias.ts';
import type { SettingType } from './setting.ts';

/** `name=model` pairs, separated by commas or newlines. A name may hold `*`; none may come twice. */
export const modelAliases: SettingType<readonly ModelAlias[]> = {
  allowed: 'a list like gpt-4o=GLM-4.6, claude-*=GLM-4.7 with each name once',
  parse(value) {
    const entries = value.split(/[,\n]/).filter((entry) => entry.trim() !== '');
    const aliases = entries.flatMap((entry) => parseAlias(entry) ?? []);
    const names = new Set(aliases.map(({ name }) => name.toLowerCase()));
    return names.size === entries.length ? aliases : undefined;
  },
};

/** A model's name has no `=`, an alias may be anything else. */
function parseAlias(entry: string): ModelAlias | undefined {
  const [, name, target] = /^\s*([^=]+?)\s*=\s*([^=*]+?)\s*$/.exec(entry) ?? [];
  return name !== undefined && target !== undefined ? { name, target } : undefined;
}
