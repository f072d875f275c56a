/** Writes `docs/configuration.md` from the list of settings: `bun run scripts/generate-config-docs.ts`. */
import { join } from 'node:path';
import { namesOf, type Setting } from '../src/config/setting.ts';
import { SETTINGS } from '../src/config/settings.ts';

/** Where the page is committed. */
export const CONFIGURATION_PAGE = join(import.meta.dir, '../docs/configuration.md');

const INTRODUCTION = `<!-- Written by scripts/generate-config-docs.ts from src/config/settings.ts: change those. -->

# Configuration

Every setting is a variable. Four places are looked at, and for each name the first that has it counts:

1. the process environment,
2. \`.env.local\`,
3. \`.env\`,
4. \`config.env\`, all three in the working directory.

An empty value counts as not set. Settings of older gateways work under their old names (aliases).
Names of one setting that are set to different values, wherever they are, are an error; those
marked \\* belong to other programs too and count only when the setting has no other name set.
Every wrong value is reported at once, and the process ends with exit code 78.

OpenTelemetry's variables, \`OTEL_…\`, are read in the same places, and are
[described elsewhere](observability.md#traces). They are a standard of their own, and a wrong one is only warned of.

A duration without a unit is in seconds. The values of secret settings (🔒) are never shown or logged.

Without \`API_KEYS\` or \`ADMIN_KEY\` a key is generated at the first start, shown once on the
terminal, and stored beside the database in \`api-key\` or \`admin-key\`, readable by its owner only.
Delete the file to get a new one.
`;

/** The page as it should be. */
export function renderConfigurationPage(): string {
  const rows = Object.values(SETTINGS).map(renderRow);
  const head = [
    '| setting | default | allowed | what | aliases |',
    '| --- | --- | --- | --- | --- |',
  ];
  return `${INTRODUCTION}\n${[...head, ...rows].join('\n')}\n`;
}

function renderRow(setting: Setting<unknown>): string {
  const [, ...aliases] = namesOf(setting).map((name) => renderName(setting, name));
  const cells = [
    `\`${setting.name}\`${setting.secret ? ' 🔒' : ''}`,
    setting.defaultInWords ?? `\`${setting.default}\``,
    setting.type.allowed,
    setting.doc,
    aliases.join(', '),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function renderName({ sharedAliases, switches }: Setting<unknown>, name: string): string {
  const whenOn = switches?.[name];
  if (whenOn !== undefined) return `\`${name}\` (true = \`${whenOn}\`)`;
  return `\`${name}\`${sharedAliases?.includes(name) ? '\\*' : ''}`;
}

if (import.meta.main) await Bun.write(CONFIGURATION_PAGE, renderConfigurationPage());
