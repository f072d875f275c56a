import { posix } from 'node:path';
import { maskSource } from './mask-source.ts';

/** One module that a file names in an import, an export-from or a dynamic import. */
export interface ImportedModule {
  specifier: string;
  /** The file it names, from the project's root; null for a package or a built-in module. */
  target: string | null;
  line: number;
  /** False when only types come from it, so that nothing is loaded. */
  isRuntime: boolean;
}

/** A TypeScript file as the architecture rules see it. */
export interface SourceFile {
  /** From the project's root, with forward slashes. */
  path: string;
  text: string;
  /** The text with comments and the contents of literals blanked; offsets are those of the text. */
  code: string;
  /** The text with everything but its comments blanked. */
  comments: string;
  imports: readonly ImportedModule[];
}

const transpilers = {
  ts: new Bun.Transpiler({ loader: 'ts' }),
  tsx: new Bun.Transpiler({ loader: 'tsx' }),
};
/** An import's keyword and its (blanked) specifier. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*(?:' *'|" *")/g;

/** Makes the rules' view of one file. Throws when the text is no TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const masked = maskSource(text);
  const transpiler = transpilers[path.endsWith('.tsx') ? 'tsx' : 'ts'];
  const loaded = new Set(transpiler.scanImports(text).map((found) => found.path));
  const imports = [...masked.code.matchAll(IMPORT)].map((match): ImportedModule => {
    const end = match.index + match[0].length - 1;
    const specifier = text.slice(text.lastIndexOf(text.charAt(end), end - 1) + 1, end);
    const isRelative = specifier.startsWith('.');
    return {
      specifier,
      target: isRelative ? posix.join(posix.dirname(path), specifier) : null,
      line: lineAt(text, match.index),
      isRuntime: loaded.has(specifier),
    };
  });
  return { path, text, ...masked, imports };
}

/** Reads every TypeScript file below the folders of the project, in the order of their paths. */
export async function readSources(folders: readonly string[]): Promise<SourceFile[]> {
  const root = posix.join(import.meta.dir.replaceAll('\\', '/'), '../../..');
  const globs = folders.map((folder) => new Bun.Glob(`${folder}/**/*.{ts,tsx}`));
  const paths = globs.flatMap((glob) => [...glob.scanSync({ cwd: root })]);
  const sources = paths.map(async (path) =>
    parseSource(path.replaceAll('\\', '/'), await Bun.file(posix.join(root, path)).text()),
  );
  return (await Promise.all(sources)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The line, counted from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
