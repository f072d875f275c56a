import { basename } from 'node:path';
import { lineAt, type SourceFile } from './source-file.ts';

const MAX_LINES = 300;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.tsx?$/;

/** What no file may contain: in its code, in its comments, or anywhere. */
const BANNED = [
  { what: 'no default exports', where: 'code', pattern: /\bexport\s+default\b|\bas\s+default\b/g },
  { what: 'no re-exports of whole modules', where: 'code', pattern: /\bexport\s*\*/g },
  { what: 'no `any`', where: 'code', pattern: /(?:\bas|:|<|\||,)\s*any\b(?!\s*[:(?])/g },
  {
    what: 'an empty catch needs a reason in it',
    where: 'text',
    pattern: /\bcatch\s*(?:\(\w+\)\s*)?\{\s*\}|\.catch\(\(\w*\)\s*=>\s*\{\s*\}\)/g,
  },
  {
    what: 'no muted type errors',
    where: 'comments',
    pattern: /@ts-(?:ignore|nocheck|expect-error)/g,
  },
  { what: 'no notes of unfinished work', where: 'comments', pattern: /\b(?:TODO|FIXME|XXX)\b/g },
] as const;

/** Every breach of the form of a file: its length, its name, its imports and its words. */
export function findFormViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...findFileBreaches(file).map((rule) => `${file.path}:1: ${rule}`),
    ...file.imports
      .filter(({ target }) => target !== null && !/\.[a-z]+$/.test(target))
      .map(({ line, specifier }) => `${file.path}:${line}: ${specifier} needs its file extension`),
    ...BANNED.flatMap(({ what, where, pattern }) =>
      [...file[where].matchAll(pattern)].map(
        (match) => `${file.path}:${lineAt(file.text, match.index)}: ${what}`,
      ),
    ),
  ]);
}

function findFileBreaches({ path, text }: SourceFile): string[] {
  const name = basename(path);
  const lines = text.trimEnd().split('\n').length;
  return [
    ...(lines > MAX_LINES ? [`${lines} lines; at most ${MAX_LINES}`] : []),
    ...(KEBAB_CASE.test(name) ? [] : ['file names are in kebab-case']),
    ...(name === 'index.ts' && path !== 'src/index.ts' ? ['no barrels: name the file'] : []),
  ];
}
