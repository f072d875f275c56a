import { expect, test } from 'bun:test';
import { finding } from '../../src/doctor/diagnosis.ts';
import { writeDiagnosis } from '../../src/doctor/write-diagnosis.ts';

const SECTIONS = [
  {
    title: 'One',
    findings: [finding('ok', 'a', 'fine'), finding('failed', 'long name', 'broken')],
  },
  {
    title: 'Two',
    findings: [
      finding('warning', 'b', 'odd'),
      finding('unknown', 'c', 'who knows'),
      finding('stated', 'd', 'so it is'),
    ],
  },
];

test('a diagnosis is a table for each section, and what it comes to', () => {
  expect(writeDiagnosis({ sections: SECTIONS, servable: true })).toBe(`One
  ok    a          fine
  FAIL  long name  broken

Two
  warn  b  odd
  ?     c  who knows
        d  so it is

A request could be served.
`);
});

test('a diagnosis says when no request could be served', () => {
  expect(writeDiagnosis({ sections: SECTIONS, servable: false })).toEndWith(
    '\n\nNo request could be served: see what FAIL stands before.\n',
  );
});
