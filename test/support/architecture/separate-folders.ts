import type { SourceFile } from './source-file.ts';

/** Which folders of one unit a folder of it does not know: neither their code nor their types. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  'src/upstream/zai-web/': ['src/upstream/zai-api/'],
  'src/upstream/zai-api/': ['src/upstream/zai-web/'],
  'src/upstream/prompt/': ['src/upstream/zai-api/', 'src/upstream/zai-web/'],
};

/** Every import, also of a type, between folders that have to be readable without each other. */
export function findSeparationViolations(files: readonly SourceFile[]): string[] {
  return Object.entries(STRANGERS).flatMap(([folder, strangers]) =>
    files
      .filter(({ path }) => path.startsWith(folder))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target }) => strangers.some((stranger) => target?.startsWith(stranger)))
          .map(({ line, target }) => `${path}:${line}: ${folder} may not know ${target}`),
      ),
  );
}
