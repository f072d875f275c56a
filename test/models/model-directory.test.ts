import { describe, expect, test } from 'bun:test';
import type { ModelDirectory } from '../../src/models/model-directory.ts';
import { makeDirectory, offersOf } from './make-directory.ts';

/** Those that the web chat has. */
const CATALOG_NAMES = [
  'GLM-4.5',
  'GLM-4.5-Thinking',
  'GLM-4.5-Search',
  'GLM-4.5-Air',
  'GLM-4.5V',
  'GLM-4.6',
  'GLM-4.6-Thinking',
  'GLM-4.6-Search',
  'GLM-4.6V',
  'GLM-4.7',
  'GLM-4.7-Thinking',
  'GLM-4.7-Search',
  'GLM-4.7-Advanced-Search',
  'GLM-5',
  'GLM-5-Thinking',
  'GLM-5-Search',
];

function names(directory: ModelDirectory): string[] {
  return directory.list().map(({ id }) => id);
}

function idOf(directory: ModelDirectory, name: string): string | null {
  return offersOf(directory, name)?.['zai-web'] ?? null;
}

describe('the model directory', () => {
  test('lists the catalog before there is a live list', () => {
    expect(names(makeDirectory())).toEqual(CATALOG_NAMES);
  });

  test('lists models as OpenAI does', () => {
    expect(makeDirectory().list()[0]).toEqual({
      id: 'GLM-4.5',
      object: 'model',
      created: Date.UTC(2025, 6, 28) / 1000,
      owned_by: 'z.ai',
    });
  });

  test('finds every model it lists under the listed name', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'glm-6', name: 'GLM-6', active: true }]);
    const listed = names(directory);
    expect(listed.map((name) => directory.find(name)?.publicName)).toEqual(listed);
  });

  test('finds combinations it does not list, and no unknown model', () => {
    const directory = makeDirectory();
    expect([
      directory.find('glm-4.6-search-thinking')?.publicName,
      directory.find('gpt-4o'),
    ]).toEqual(['GLM-4.6-Thinking-Search', null]);
  });

  test('adds models that only the live list knows, by name and by id, with suffixes', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'main-6', name: 'GLM-6', active: true }]);
    expect([
      names(directory),
      ...['glm-6', 'MAIN-6', 'glm-6-thinking'].map((name) => directory.find(name)?.publicName),
    ]).toEqual([[...CATALOG_NAMES, 'GLM-6'], 'GLM-6', 'GLM-6', 'GLM-6-Thinking']);
  });

  test('does not add an inactive model', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'main-6', name: 'GLM-6', active: false }]);
    expect([names(directory), directory.find('GLM-6')]).toEqual([CATALOG_NAMES, null]);
  });

  test('does not list a catalog model twice when the live list has it', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [
      { id: 'GLM-4-6-API-V1', name: 'GLM-4.6', active: true },
      { id: '0727-360b-api', name: 'GLM 4.5 (old)', active: true },
    ]);
    expect(names(directory)).toEqual(CATALOG_NAMES);
  });

  test('hides an inactive catalog model with its variants, and still finds it', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'GLM-5', name: 'GLM-5', active: false }]);
    expect([names(directory), idOf(directory, 'GLM-5-Thinking')]).toEqual([
      CATALOG_NAMES.filter((name) => !name.startsWith('GLM-5')),
      'glm-5',
    ]);
  });

  test('takes the id under which the live list has a catalog model', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'glm-4.6-v2', name: 'glm-4.6', active: true }]);
    expect([
      names(directory),
      idOf(directory, 'GLM-4.6-Search'),
      directory.find('glm-4.6-v2')?.publicName,
    ]).toEqual([CATALOG_NAMES, 'glm-4.6-v2', 'GLM-4.6']);
  });

  test('keeps the known id while the live list still has it', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [
      { id: 'glm-4.6-preview', name: 'GLM-4.6', active: true },
      { id: 'GLM-4-6-API-V1', name: 'GLM-4.6 stable', active: true },
    ]);
    expect([idOf(directory, 'GLM-4.6'), idOf(directory, 'glm-4.6-preview')]).toEqual([
      'GLM-4-6-API-V1',
      'glm-4.6-preview',
    ]);
  });

  test('never lists two models under one name', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [
      { id: 'a', name: 'GLM-6', active: true },
      { id: 'b', name: 'glm-6', active: true },
      { id: 'a', name: 'GLM-6', active: true },
      { id: 'c', name: 'GLM-4.7-Thinking', active: true },
    ]);
    expect(names(directory).slice(CATALOG_NAMES.length)).toEqual(['GLM-6', 'b', 'c']);
  });

  test('forgets the live list before the latest', () => {
    const directory = makeDirectory();
    directory.mergeLive('zai-web', [{ id: 'glm-6', name: 'GLM-6', active: true }]);
    directory.mergeLive('zai-web', []);
    expect([names(directory), directory.find('glm-6')]).toEqual([CATALOG_NAMES, null]);
  });
});
