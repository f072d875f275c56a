import type { ImportedModule, SourceFile } from './source-file.ts';

/** Who may import whom: a unit may import the units of the levels before its own. */
const LEVELS: readonly (readonly string[])[] = [
  ['lib'],
  ['errors', 'upstream-id'],
  ['openai', 'anthropic', 'responses'],
  ['config', 'db', 'models', 'upstream', 'convert'],
  ['admission', 'credentials', 'stream-pool', 'stats'],
  ['chat', 'logging', 'metrics', 'telemetry'],
  ['http', 'docs'],
  ['dashboard'],
  ['routes'],
  ['doctor'],
  ['entry'],
];

/** The files directly in src/, and the unit each is part of. Every other unit is a folder. */
const ROOT_FILES: Readonly<Record<string, string>> = {
  'src/errors.ts': 'errors',
  'src/upstream-error-text.ts': 'errors',
  'src/upstream-failure.ts': 'errors',
  'src/upstream-id.ts': 'upstream-id',
  'src/zai-api-failure.ts': 'errors',
  'src/zai-web-failure.ts': 'errors',
  'src/app.ts': 'entry',
  'src/command-line.ts': 'entry',
  'src/index.ts': 'entry',
  'src/services.ts': 'entry',
};

/** What a thread may load: the way from an upstream's bytes to a client's, and no decisions. */
const WORKER_UNITS: readonly string[] = ['workers', 'upstream', 'convert', 'lib', 'errors'];
const WORKER_FILES: readonly string[] = [
  'src/stream-pool/protocol.ts',
  'src/stream-pool/stream-run.ts',
];

/** Every import against the direction, and every file in a place that has no level. */
export function findDirectionViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const unit = unitOf(file.path);
    if (unit === null) return [`${file.path}:1: no level of the architecture has this place`];
    return file.imports.flatMap((imported) => {
      const problem = imported.isRuntime ? judgeImport(unit, imported) : null;
      return problem === null ? [] : [`${file.path}:${imported.line}: ${problem}`];
    });
  });
}

/** null for what is no part of the architecture: an unlisted folder or file. */
function unitOf(path: string): string | null {
  const [top, folder] = path.split('/');
  if (top === 'workers') return 'workers';
  if (path in ROOT_FILES) return ROOT_FILES[path] ?? null;
  return top === 'src' && folder !== undefined && levelOf(folder) >= 0 ? folder : null;
}

function levelOf(unit: string): number {
  return LEVELS.findIndex((units) => units.includes(unit));
}

/** What is wrong with an import of `unit`; null when nothing is. */
function judgeImport(unit: string, { target }: ImportedModule): string | null {
  if (target === null || target === 'package.json') return null;
  const targetUnit = unitOf(target);
  if (targetUnit === null) return `${target} is no part of the product`;
  if (targetUnit === unit) return null;
  if (unit === 'workers') {
    const isAllowed = WORKER_UNITS.includes(targetUnit) || WORKER_FILES.includes(target);
    return isAllowed ? null : `workers/ may not import ${target}`;
  }
  if (targetUnit === 'workers') return 'nothing in src/ imports workers/';
  if (levelOf(targetUnit) < levelOf(unit)) return null;
  return `${unit} may not import ${targetUnit}, which is not below it`;
}
