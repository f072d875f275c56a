import { describe, expect, test } from 'bun:test';
import { repairJson } from '../../../src/convert/json/repair-json.ts';

/** Longer than what the library may be given. */
const LONG = 'x'.repeat(100_000);

describe('a JSON text of any length', () => {
  test('gets the end that it lacks', () => {
    expect(repairJson(`{"a":["${LONG}`)).toEqual({ a: [LONG] });
    expect(repairJson(`{"a":{"b":"${LONG}"`)).toEqual({ a: { b: LONG } });
    expect(repairJson(`{"a":"${LONG}}`)).toEqual({ a: LONG });
  });

  test('gets the backslashes that it lacks', () => {
    expect(repairJson(`{"a":"C:\\Users\\${LONG}"}`)).toEqual({ a: `C:\\Users\\${LONG}` });
  });

  test('gets the escapes that its line breaks and tabs lack', () => {
    expect(repairJson(`{"a":"${LONG}\n\tb\r\n"\n}`)).toEqual({ a: `${LONG}\n\tb\r\n` });
    expect(repairJson(`{"a":"\\"\n${LONG}`)).toEqual({ a: `"\n${LONG}` });
  });

  test('that is white space has no value', () => {
    expect(repairJson(' '.repeat(100_000))).toBeUndefined();
  });
});

describe('a JSON text that is broken in other ways', () => {
  test('is repaired as the library does it', () => {
    expect(repairJson("{'a': True, b: [1 2],}")).toEqual({ a: true, b: [1, 2] });
  });

  test('is given up when it is long: the work would grow faster than the text', () => {
    expect(repairJson(`{'a': '${LONG}'}`)).toBeUndefined();
  });
});
