import { expect, test } from 'bun:test';
import { modelAliases } from '../../src/config/model-aliases.ts';

test('pairs are separated by commas or newlines; blanks around names and models do not count', () => {
  expect(
    modelAliases.parse(' gpt-4o = GLM-4.6 ,\n\n claude-*=zai-api/glm-4.7,, my model=GLM-5\n'),
  ).toEqual([
    { name: 'gpt-4o', target: 'GLM-4.6' },
    { name: 'claude-*', target: 'zai-api/glm-4.7' },
    { name: 'my model', target: 'GLM-5' },
  ]);
});

test('nothing is a list without pairs', () => {
  expect(modelAliases.parse('')).toEqual([]);
});

test.each(['gpt-4o', 'gpt-4o=', '=GLM-4.6', 'a=b=c', 'a=GLM-*', 'a=b,c', 'a=b,A=c', '='])(
  '%j is not allowed',
  (text) => {
    expect(modelAliases.parse(text)).toBeUndefined();
  },
);
