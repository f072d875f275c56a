import { matchAt, TAG, unclearTail } from './reply-markup.ts';
import type { ScannerMode } from './scanner-state.ts';

/** The modes in which a scanner reads what stands around the words of a reasoning block. */
type ScaffoldMode = Exclude<ScannerMode, 'outside' | 'quoted-line' | 'plain-line' | 'tool-block'>;

interface Step {
  mode: ScannerMode;
  at: number;
}

/** Where a scanner goes on in `text`, and with what; null when there is too little text to decide. */
export function readScaffold(mode: ScaffoldMode, text: string, at: number): Step | null {
  switch (mode) {
    case 'block-start':
      return skipNewline(text, at, 'summary-due');
    case 'summary-due':
      return readSummaryDue(text, at);
    case 'summary':
      return readSummary(text, at);
    case 'after-summary':
      return skipNewline(text, at, 'line-start');
    case 'line-start':
      return readLineStart(text, at);
    case 'after-block':
      return skipNewline(text, at, 'outside');
    default:
      return mode satisfies never;
  }
}

function skipNewline(text: string, at: number, mode: ScannerMode): Step {
  return { mode, at: text[at] === '\n' ? at + 1 : at };
}

function readSummaryDue(text: string, at: number): Step | null {
  const summary = matchAt(text, at, TAG.summaryOpen);
  if (summary === 'unclear') return null;
  return { mode: summary === 'yes' ? 'summary' : 'line-start', at };
}

function readSummary(text: string, at: number): Step | null {
  const close = text.indexOf(TAG.summaryClose, at);
  if (close !== -1) return { mode: 'after-summary', at: close + TAG.summaryClose.length };
  const end = text.length - unclearTail(text, at, TAG.summaryClose);
  return end > at ? { mode: 'summary', at: end } : null;
}

function readLineStart(text: string, at: number): Step | null {
  if (text[at] !== '>') return { mode: 'plain-line', at };
  if (at + 1 === text.length) return null;
  if (text[at + 1] === ' ') return { mode: 'quoted-line', at: at + 2 };
  // A lone mark is a blank quoted line; any other `>` is the text's own.
  return { mode: 'plain-line', at: text[at + 1] === '\n' ? at + 1 : at };
}
