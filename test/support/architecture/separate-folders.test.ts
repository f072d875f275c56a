import { expect, test } from 'bun:test';
import { findSeparationViolations } from './separate-folders.ts';
import { parseSource } from './source-file.ts';

function violationsOf(path: string, text: string): string[] {
  return findSeparationViolations([parseSource(path, text)]);
}

test.each([
  ['src/upstream/zai-web/a.ts', "import { b } from './b.ts';"],
  ['src/upstream/zai-web/a.ts', "import { b } from '../prompt/b.ts';"],
  ['src/upstream/open-reply.ts', "import { b } from './zai-api/b.ts'; import './zai-web/c.ts';"],
])('%s may hold %s', (path, text) => {
  expect(violationsOf(path, text)).toEqual([]);
});

test.each([
  ['src/upstream/zai-web/a.ts', 'src/upstream/zai-web/', 'zai-api'],
  ['src/upstream/zai-api/a.ts', 'src/upstream/zai-api/', 'zai-web'],
  ['src/upstream/prompt/a.ts', 'src/upstream/prompt/', 'zai-web'],
  ['src/upstream/prompt/a.ts', 'src/upstream/prompt/', 'zai-api'],
])('%s, in %s, has nothing of %s, not even a type', (path, folder, stranger) => {
  const text = `\nimport type { B } from '../${stranger}/b.ts';`;
  expect(violationsOf(path, text)).toEqual([
    `${path}:2: ${folder} may not know src/upstream/${stranger}/b.ts`,
  ]);
});
