import { expect, test } from 'bun:test';
import { type Command, readCommand } from '../src/command-line.ts';

test.each<[string[], Command]>([
  [[], { name: 'serve' }],
  [['doctor'], { name: 'doctor' }],
  [['--help'], { name: 'help' }],
  [['-h'], { name: 'help' }],
  [['help'], { name: 'help' }],
  [['--version'], { name: 'version' }],
  [['-v'], { name: 'version' }],
  [['version'], { name: 'version' }],
  [['docter'], { name: 'unknown', text: 'docter' }],
  [['doctor', '--fix'], { name: 'unknown', text: '--fix' }],
  [[''], { name: 'unknown', text: '' }],
])('%j asks for %j', (args, command) => {
  expect(readCommand(args)).toEqual(command);
});
