import type { LoadedConfig } from '../config/load-config.ts';
import { describeSettings } from '../config/settings-in-force.ts';
import { type Finding, finding, type Section } from './diagnosis.ts';

/** Every setting with its value and where that comes from; of a secret, only whether it is set. */
export function listSettings(loaded: LoadedConfig): Section {
  const rows = describeSettings(loaded).map(({ name, value, source, alias }): Finding => {
    const origin = alias === null ? source : `${source}, as ${alias}`;
    return finding('stated', name, `${value}  (${origin})`);
  });
  const warnings = loaded.notices
    .filter(({ level }) => level === 'warn')
    .map(({ message }) => finding('warning', 'notice', message));
  return { title: 'Settings', findings: [...rows, ...warnings] };
}
