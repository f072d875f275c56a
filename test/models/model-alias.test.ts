import { describe, expect, test } from 'bun:test';
import { findAlias } from '../../src/models/model-alias.ts';
import { makeDirectory } from './make-directory.ts';

/** Aliases from `name=target` pairs. */
const aliasesOf = (...pairs: string[]) =>
  pairs.map((pair) => {
    const [name = '', target = ''] = pair.split('=');
    return { name, target };
  });

describe('an alias', () => {
  test.each([
    ['gpt-4o', ' GPT-4o '],
    ['claude-*', 'Claude-3.5-sonnet'],
    ['claude-*', 'claude-'],
    ['*-mini', 'gpt-4o-mini'],
    ['gpt-*-mini', 'gpt-4o-2024-mini'],
    ['*', 'whatever\nit is'],
    ['o(1)+[a]?', 'O(1)+[A]?'],
  ])('%s fits %j', (name, asked) => {
    const alias = { name, target: 'GLM-4.6' };
    expect(findAlias(asked, [alias])).toBe(alias);
  });

  test.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['gpt-4o', 'my-gpt-4o'],
    ['claude-*', 'my-claude-3'],
    ['gpt-4.', 'gpt-4o'],
    ['gpt-*-mini', 'gpt-mini'],
  ])('%s does not fit %j', (name, asked) => {
    expect(findAlias(asked, [{ name, target: 'GLM-4.6' }])).toBeUndefined();
  });

  test('that comes first counts', () => {
    const [first, second] = aliasesOf('gpt-4*=GLM-4.6', 'gpt-*=GLM-4.5');
    expect(findAlias('gpt-4o', [first!, second!])).toBe(first);
  });
});

describe('a name means', () => {
  test.each([
    ['what its alias stands for', ['gpt-4o=GLM-4.6'], 'GPT-4o', 'GLM-4.6'],
    ['that with its suffixes', ['deep=glm-4.6-thinking'], 'deep', 'GLM-4.6-Thinking'],
    ['what the alias that fits it stands for', ['claude-*=GLM-4.7'], 'claude-opus', 'GLM-4.7'],
    ['what an alias of an alias stands for', ['a=b', 'b=c-1', 'c-*=GLM-5'], 'a', 'GLM-5'],
    ['what its alias says, though a model has it', ['GLM-4.5=GLM-4.6'], 'glm-4.5', 'GLM-4.6'],
    ['the model, rather than a pattern', ['glm-*=GLM-5', '*=GLM-5'], 'GLM-4.6', 'GLM-4.6'],
    ['one alias, rather than a pattern before it', ['*=GLM-5', 'gpt=GLM-4.6'], 'gpt', 'GLM-4.6'],
    ['the catch-all, when nobody knows it', ['*=GLM-4.5-Air'], 'mistral', 'GLM-4.5-Air'],
    ['the catch-all, when no upstream has it', ['*=GLM-4.5-Air'], 'GLM-5.1', 'GLM-4.5-Air'],
    ['the model that has it, when its alias does', ['glm-4.6=GLM-4.6'], 'GLM-4.6', 'GLM-4.6'],
    ['the next pattern, when one stands for itself', ['x-*=x-1', '*=GLM-5'], 'x-2', 'GLM-5'],
  ])('%s', (_, pairs, asked, publicName) => {
    const directory = makeDirectory({ aliases: aliasesOf(...pairs) });
    expect(directory.find(asked)?.publicName).toBe(publicName);
  });

  test.each([
    ['its alias stands for nothing', ['gpt-4o=gpt-5']],
    ['its aliases go round in a circle', ['gpt-4o=b', 'b=c', 'c=gpt-4o']],
    ['its pattern goes round in a circle', ['gpt-*=gpt-5']],
  ])('nothing when %s', (_, pairs) => {
    expect(makeDirectory({ aliases: aliasesOf(...pairs) }).find('gpt-4o')).toBeNull();
  });

  test('nothing when the upstream it names lacks a model that another has, catch-all or not', () => {
    const directory = makeDirectory({
      upstreams: ['zai-web', 'zai-api'],
      aliases: aliasesOf('*=GLM-4.6'),
    });
    expect(directory.find('zai-web/GLM-5.1')).toBeNull();
  });

  test('the one upstream that its alias names', () => {
    const directory = makeDirectory({
      upstreams: ['zai-web', 'zai-api'],
      aliases: aliasesOf('gpt-4o=zai-api/glm-4.6'),
    });
    expect(directory.find('gpt-4o')?.offers).toMatchObject({
      'zai-web': null,
      'zai-api': { upstreamId: 'glm-4.6' },
    });
  });
});

describe('the list of models', () => {
  const namesWith = (...pairs: string[]) =>
    makeDirectory({ aliases: aliasesOf(...pairs) })
      .list()
      .map(({ id }) => id);

  test('ends with the aliases that stand for one name, as they are written', () => {
    const aliased = namesWith('GPT-4o=GLM-4.6', 'deep=GLM-4.6-Thinking', 'claude-*=GLM-4.7');
    expect(aliased).toEqual([...namesWith(), 'GPT-4o', 'deep']);
  });

  test('leaves out an alias that means nothing here', () => {
    expect(namesWith('gpt-4o=gpt-5', 'new=GLM-5.1')).toEqual(namesWith());
  });

  test('has a name once, whatever it stands for', () => {
    expect(namesWith('GLM-4.6=GLM-4.6', 'GLM-4.5=GLM-4.7')).toEqual(namesWith());
  });

  test('is not longer for a catch-all', () => {
    expect(namesWith('*=GLM-4.6-Thinking-Search')).toEqual(namesWith());
  });
});

test('an alias is described under its name, with the age of its model', () => {
  const directory = makeDirectory({ aliases: aliasesOf('GPT-4o=GLM-4.6', 'claude-*=GLM-4.7') });
  expect([directory.describe('gpt-4O'), directory.describe('claude-x')]).toMatchObject([
    { id: 'GPT-4o', created: Date.UTC(2025, 8, 30) / 1000 },
    { id: 'GLM-4.7' },
  ]);
});
