import { lineAt, type SourceFile } from './source-file.ts';

interface Confinement {
  what: string;
  /** Matched against code without comments and literals. */
  pattern?: RegExp;
  /** A module whose import is confined. */
  module?: string;
  /** The paths that may. */
  home: RegExp;
}

/** What only one place of the product does, so that there is one place to look. */
const CONFINEMENTS: readonly Confinement[] = [
  {
    what: 'the environment is read in config/ only',
    pattern:
      /\bprocess\s*(?:\??\.\s*env\b|\?*\.?\[)|\}\s*=\s*process\b|\bBun\s*\.\s*env\b|\bimport\.meta\.env\b/g,
    home: /^src\/config\//,
  },
  {
    what: 'bun:sqlite is opened in db/ and *-store.ts only',
    module: 'bun:sqlite',
    home: /^src\/db\/|-store\.ts$/,
  },
  {
    what: 'threads are started in stream-pool/worker-handle.ts only',
    pattern: /\bnew\s+Worker\b/g,
    home: /^src\/stream-pool\/worker-handle\.ts$/,
  },
  {
    what: 'fetch is called in upstream/ and credentials/ only',
    pattern: /(?<![.\w$#])fetch\s*\(|\b(?:globalThis|Bun)\s*\.\s*fetch\b/g,
    // The dashboard's page runs in a browser, where fetch asks the gateway.
    home: /^src\/(?:upstream|credentials|dashboard\/page)\//,
  },
  {
    what: 'console is used in lib/log.ts only',
    pattern: /(?<![.\w$#])console\b(?!\s*:)/g,
    home: /^src\/lib\/log\.ts$/,
  },
  {
    what: 'the process streams are written in index.ts and lib/log.ts only',
    pattern: /\bprocess\s*\.\s*std(?:out|err)\s*\.\s*write\b/g,
    home: /^src\/(?:index|lib\/log)\.ts$/,
  },
];

/** Every use of something confined outside its home. */
export function findConfinementViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    CONFINEMENTS.filter(({ home }) => !home.test(file.path)).flatMap((confinement) =>
      findUses(file, confinement).map((line) => `${file.path}:${line}: ${confinement.what}`),
    ),
  );
}

function findUses(file: SourceFile, { pattern, module }: Confinement): number[] {
  const imports = file.imports.filter(
    (imported) => imported.specifier === module && imported.isRuntime,
  );
  const matches = pattern ? [...file.code.matchAll(pattern)] : [];
  return [
    ...imports.map((imported) => imported.line),
    ...matches.map((match) => lineAt(file.text, match.index)),
  ];
}
