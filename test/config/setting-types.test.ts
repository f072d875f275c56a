import { expect, test } from 'bun:test';
import { byteCount, days, duration } from '../../src/config/quantity.ts';
import type { SettingType } from '../../src/config/setting.ts';
import {
  boolean,
  httpUrl,
  integer,
  list,
  listOf,
  oneOf,
  origins,
  proxyUrl,
  text,
} from '../../src/config/setting-types.ts';

/** What each text becomes. */
function parseAll(type: SettingType<unknown>, texts: readonly string[]) {
  return Object.fromEntries(texts.map((value) => [value, type.parse(value)]));
}

test('a boolean is one of eight words in any case', () => {
  const texts = ['true', '1', 'YES', 'On', 'false', '0', 'No', 'OFF', '2', 'y', 'truee'];
  expect(texts.map(boolean.parse)).toEqual([
    ...Array(4).fill(true),
    ...Array(4).fill(false),
    ...Array(3).fill(undefined),
  ]);
});

test('an integer is digits within its range, both ends included', () => {
  expect(parseAll(integer(1, 10), ['1', '10', '0', '11', '1.5', '-1', '1e1', '0x5', ' '])).toEqual({
    '1': 1,
    '10': 10,
    '0': undefined,
    '11': undefined,
    '1.5': undefined,
    '-1': undefined,
    '1e1': undefined,
    '0x5': undefined,
    ' ': undefined,
  });
});

test('a duration is in seconds unless it has a unit, and comes out in ms', () => {
  const type = duration({ min: 1, max: 86_400_000, inWords: 'up to a day' });
  expect(
    parseAll(type, [
      '30',
      '0.5',
      '30 s',
      '5m',
      '30 min',
      '2H',
      '1d',
      '2.01',
      '250ms',
      '0',
      '2d',
      '5 x',
      '1h30m',
      '-1',
      '1.5ms',
      's',
    ]),
  ).toEqual({
    '30': 30_000,
    '0.5': 500,
    '30 s': 30_000,
    '5m': 300_000,
    '30 min': 1_800_000,
    '2H': 7_200_000,
    '1d': 86_400_000,
    '2.01': 2_010,
    '250ms': 250,
    '0': undefined,
    '2d': undefined,
    '5 x': undefined,
    '1h30m': undefined,
    '-1': undefined,
    '1.5ms': undefined,
    s: undefined,
  });
});

test('days are days, with or without the word', () => {
  const type = days({ min: 1, max: 30, inWords: 'up to 30 days' });
  expect(parseAll(type, ['7', '7d', '1 day', '30 days', '0', '31', '12h', '1.5'])).toEqual({
    '7': 7,
    '7d': 7,
    '1 day': 1,
    '30 days': 30,
    '0': undefined,
    '31': undefined,
    '12h': undefined,
    '1.5': undefined,
  });
});

test('a number of bytes takes binary and decimal units', () => {
  const type = byteCount({ min: 1, max: 1024 ** 3, inWords: 'up to 1 GiB' });
  expect(
    parseAll(type, [
      '100',
      '1k',
      '1 KB',
      '1.5KiB',
      '32 MiB',
      '32MB',
      '1g',
      '1.1GB',
      '0.5',
      '0',
      '1 TB',
      'constructor',
    ]),
  ).toEqual({
    '100': 100,
    '1k': 1024,
    '1 KB': 1000,
    '1.5KiB': 1536,
    '32 MiB': 33_554_432,
    '32MB': 32_000_000,
    '1g': 1_073_741_824,
    '1.1GB': undefined,
    '0.5': undefined,
    '0': undefined,
    '1 TB': undefined,
    constructor: undefined,
  });
});

test('a list splits at commas and newlines, drops blanks, and keeps the first of equals', () => {
  expect(list().parse('b, a,,\n c \r\na,')).toEqual(['b', 'a', 'c']);
  expect(list().parse('')).toEqual([]);
  expect(list('hosts', /[\s,]/).parse('a b,c')).toEqual(['a', 'b', 'c']);
});

test('a word is one of its set in any case, or a synonym', () => {
  const type = oneOf(['warn', 'info'], { warning: 'warn' });
  expect(parseAll(type, ['INFO', 'Warning', 'verbose', 'toString'])).toEqual({
    INFO: 'info',
    Warning: 'warn',
    verbose: undefined,
    toString: undefined,
  });
});

test('a list of words has words of its set only, each once, in any case, and at least one', () => {
  const type = listOf(['web', 'api']);
  expect(parseAll(type, ['api', 'API,\nWeb,, api', 'web, other', ',', ''])).toEqual({
    api: ['api'],
    'API,\nWeb,, api': ['api', 'web'],
    'web, other': undefined,
    ',': undefined,
    '': undefined,
  });
});

test('text keeps to its form', () => {
  expect(parseAll(text('v', /^v\d$/), ['v1', 'v', 'x1'])).toEqual({
    v1: 'v1',
    v: undefined,
    x1: undefined,
  });
});

test('a URL is absolute and http or https', () => {
  expect(parseAll(httpUrl, ['https://a.b/c?d', 'HTTP://A.B', 'ftp://a.b', 'a.b/c', '/c'])).toEqual({
    'https://a.b/c?d': 'https://a.b/c?d',
    'HTTP://A.B': 'http://a.b/',
    'ftp://a.b': undefined,
    'a.b/c': undefined,
    '/c': undefined,
  });
});

test('a proxy may leave its scheme out, and has no path', () => {
  const texts = [
    'proxy:3128',
    'http://u:p@proxy:3128',
    'https://proxy',
    'socks5://proxy',
    'http://proxy/x',
    'a b',
  ];
  expect(parseAll(proxyUrl, texts)).toEqual({
    'proxy:3128': 'http://proxy:3128/',
    'http://u:p@proxy:3128': 'http://u:p@proxy:3128/',
    'https://proxy': 'https://proxy/',
    'socks5://proxy': undefined,
    'http://proxy/x': undefined,
    'a b': undefined,
  });
});

test('origins are * or what a browser sends, with a slash at the end forgiven', () => {
  expect(
    parseAll(origins, ['*', 'https://a.b, http://c:1/', 'https://a.b/x', 'a.b', 'https://a.b,x']),
  ).toEqual({
    '*': ['*'],
    'https://a.b, http://c:1/': ['https://a.b', 'http://c:1'],
    'https://a.b/x': undefined,
    'a.b': undefined,
    'https://a.b,x': undefined,
  });
});
