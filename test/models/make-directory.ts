import {
  createModelDirectory,
  type ModelDirectory,
  type ModelDirectoryOptions,
} from '../../src/models/model-directory.ts';

/** A directory of the web chat's models and no aliases, but for what a test says. */
export function makeDirectory(options: Partial<ModelDirectoryOptions> = {}): ModelDirectory {
  const defaults = { upstreams: ['zai-web'], aliases: [], apiServesAnyName: false } as const;
  return createModelDirectory({ ...defaults, ...options });
}

/** By what id each upstream has the model of a name; null when no model has it. */
export function offersOf(directory: ModelDirectory, name: string) {
  const offers = directory.find(name)?.offers;
  if (offers === undefined) return null;
  return {
    'zai-web': offers['zai-web']?.upstreamId ?? null,
    'zai-api': offers['zai-api']?.upstreamId ?? null,
  };
}
