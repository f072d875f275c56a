import { expect, test } from 'bun:test';
import { findConfinementViolations } from './support/architecture/confinement.ts';
import { findDirectionViolations } from './support/architecture/dependency-direction.ts';
import { findFormViolations } from './support/architecture/form.ts';
import { findImportCycles } from './support/architecture/import-cycles.ts';
import { findSeparationViolations } from './support/architecture/separate-folders.ts';
import { readSources } from './support/architecture/source-file.ts';

const product = await readSources(['src', 'workers']);
const tooling = await readSources(['scripts', 'bench', 'examples']);

test('the product has files to look at', () => {
  const paths = product.map((file) => file.path);
  expect(paths).toContain('src/index.ts');
  expect(paths.some((path) => path.startsWith('workers/'))).toBe(true);
});

test('a file imports its own folder and lower levels only', () => {
  expect(findDirectionViolations(product)).toEqual([]);
});

test('the upstreams do not know each other, and what they share knows neither', () => {
  expect(findSeparationViolations(product)).toEqual([]);
});

test('no files load each other in a circle', () => {
  expect(findImportCycles(product)).toEqual([]);
});

test('environment, database, threads, fetch and output each have one home', () => {
  expect(findConfinementViolations(product)).toEqual([]);
});

test('every file keeps the form: length, name, extensions, no default exports, no any', () => {
  expect(findFormViolations([...product, ...tooling])).toEqual([]);
});
