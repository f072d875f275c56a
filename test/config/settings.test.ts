import { expect, test } from 'bun:test';
import { CONFIGURATION_PAGE, renderConfigurationPage } from '../../scripts/generate-config-docs.ts';
import { namesOf, type Setting } from '../../src/config/setting.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { createModelDirectory } from '../../src/models/model-directory.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

test('no name belongs to two settings', () => {
  const names = settings.flatMap(namesOf);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every default, and every text a switch or an entry stands for, is allowed', () => {
  const machine = { cores: 4, stdoutIsTerminal: true };
  const refused = settings.filter((setting) => {
    const { default: fallback, switches = {}, entries = {}, type } = setting;
    const text = typeof fallback === 'function' ? fallback(machine) : fallback;
    const added = Object.values(entries).map((target) => `x=${target}`);
    const texts = [...(text === null ? [] : [text]), ...Object.values(switches), ...added];
    return texts.some((each) => type.parse(each) === undefined);
  });
  expect(refused.map(({ name }) => name)).toEqual([]);
});

test('a name that stands for a model stands for one that the web chat and the API have', () => {
  const targets = Object.values(SETTINGS.modelAliases.entries);
  const lost = (['zai-web', 'zai-api'] as const).flatMap((upstream) => {
    const options = { upstreams: [upstream], aliases: [], apiServesAnyName: false };
    const directory = createModelDirectory(options);
    return targets.filter((target) => directory.find(target)?.publicName !== target);
  });
  expect(lost).toEqual([]);
});

test('a default that is computed, empty or secret is told in words', () => {
  const silent = settings.filter(
    ({ default: fallback, secret, defaultInWords }) =>
      (typeof fallback !== 'string' || fallback === '' || secret) && !defaultInWords,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('docs/configuration.md is what scripts/generate-config-docs.ts writes', async () => {
  expect(await Bun.file(CONFIGURATION_PAGE).text()).toBe(renderConfigurationPage());
});
