import type { Diagnosis, Finding, FindingState, Section } from './diagnosis.ts';

const MARKS = {
  ok: 'ok',
  warning: 'warn',
  failed: 'FAIL',
  unknown: '?',
  stated: '',
} as const satisfies Record<FindingState, string>;

const MARK_WIDTH = Math.max(...Object.values(MARKS).map((mark) => mark.length));

/** Writes a diagnosis for people to read: a table for each section, and what it comes to. */
export function writeDiagnosis({ sections, servable }: Diagnosis): string {
  const verdict = servable
    ? 'A request could be served.'
    : 'No request could be served: see what FAIL stands before.';
  return `${[...sections.map(writeSection), verdict].join('\n\n')}\n`;
}

function writeSection({ title, findings }: Section): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  return [title, ...findings.map((found) => writeFinding(found, width))].join('\n');
}

function writeFinding({ state, subject, detail }: Finding, width: number): string {
  return `  ${MARKS[state].padEnd(MARK_WIDTH)}  ${subject.padEnd(width)}  ${detail}`;
}
