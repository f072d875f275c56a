import { expect, test } from 'bun:test';
import { parseTokenFile } from '../../src/credentials/parse-token-file.ts';
import { makeJwt } from '../upstream/zai-web/make-exchange.ts';

const [A, B, C] = ['alice', 'bob', 'carol'].map((id) => makeJwt({ id })) as [
  string,
  string,
  string,
];

const usersIn = (text: string) => parseTokenFile(text).accounts.map(({ userId }) => userId);

test.each([
  ['line breaks', `${A}\n${B}\n${C}`],
  ['commas', `${A},${B},${C}`],
  ['both, and blanks', ` ${A} , ${B},\n\n\t${C}\t,\n`],
  ['line breaks of Windows', `${A}\r\n${B}\r\n${C}\r\n`],
  ['line breaks of old Macs', `${A}\r${B}\r${C}\r`],
  ['Bearer before', `Bearer ${A}\nbearer ${B},Bearer  ${C}`],
  ['comments', `# mine: ${makeJwt({ id: 'dora' })}\n${A} # alice, of course\n${B},${C}#,carol`],
])('entries are told apart by %s', (_, text) => {
  expect(usersIn(text)).toEqual(['alice', 'bob', 'carol']);
});

test('an entry that repeats an earlier one collapses', () => {
  expect(usersIn(`${A}\n${B},${A}\nBearer ${B}`)).toEqual(['alice', 'bob']);
});

test.each(['', '\n', '  \r\n,,\n', '# nothing yet\n'])('%j holds no entries', (text) => {
  expect(parseTokenFile(text)).toEqual({ accounts: [], refusedLines: [] });
});

test('what can be no token is told by its line, once', () => {
  const text = `# header\n${A}\nsk-wrong,also wrong\n\n${B},wrong\nwrong`;
  const { accounts, refusedLines } = parseTokenFile(text);
  expect([accounts.length, refusedLines]).toEqual([2, [3, 5, 6]]);
});
