import type { RawHeadsState } from './raw-heads.ts';
import { matchAt, TAG } from './reply-markup.ts';
import type { ToolBlockEndState } from './tool-block-end.ts';
import type { Channel, Voice } from './voice.ts';
import type { VoicedRun } from './voiced-run.ts';

/**
 * What the scanner reads next.
 *
 *   outside ──<details type="reasoning" …>──▶ block-start ─▶ summary-due ─▶ summary ─▶ after-summary
 *      ▲                                                          │                        │
 *      │                                                          ▼                        ▼
 *   after-block ◀──</details>── quoted-line, plain-line ◀──── line-start ◀─────────────────┘
 *
 * `quoted-line` is behind a `> ` mark; `tool-block` is inside `<glm_block …>` and goes back to where
 * it came from.
 */
export type ScannerMode =
  | 'outside'
  | 'block-start'
  | 'summary-due'
  | 'summary'
  | 'after-summary'
  | 'line-start'
  | 'quoted-line'
  | 'plain-line'
  | 'after-block'
  | 'tool-block';

/** Where a scanner stands: opaque, immutable, good for any number of returns. */
export interface ScannerState {
  readonly mode: ScannerMode;
  readonly toolReturn: ScannerMode;
  /** Whose words brought the blocks that are open. */
  readonly blockVoice: Voice;
  readonly toolVoice: Voice;
  readonly toolEnd: ToolBlockEndState;
  /** Read but not decided: it may still become a tag. */
  readonly held: readonly VoicedRun[];
  /** Whether nothing of the message was decided on. */
  readonly isFirst: boolean;
  readonly heads: RawHeadsState | null;
}

/** The state at the start of a message, but for what other machines keep. */
export const SCANNER_START: Omit<ScannerState, 'heads' | 'toolEnd'> = {
  mode: 'outside',
  toolReturn: 'outside',
  blockVoice: 'neutral',
  toolVoice: 'neutral',
  held: [],
  isFirst: true,
};

/** Gets what is in a message, in order. */
export interface ScannerSink {
  speak(channel: Channel, text: string): void;
  /** JSON between `<glm_block …>` and `</glm_block>`. */
  readBlock(text: string): void;
  /** Such a block is over, be it that the message is. */
  endBlock(): void;
}

/** How a piece that begins now stands to an open block. */
export type Opening = 'continues' | 'closes-block' | 'ends-block';

/** Whether what comes next stands in a block of any kind. */
export function isMarkup(mode: ScannerMode): boolean {
  return mode !== 'outside' && mode !== 'after-block';
}

/** Whether what comes next belongs to the tag and the summary of a reasoning block. */
export function isHead(mode: ScannerMode): boolean {
  return (
    mode === 'block-start' ||
    mode === 'summary-due' ||
    mode === 'summary' ||
    mode === 'after-summary'
  );
}

/** Whether what comes next goes on with a line of reasoning. */
export function isLine(mode: ScannerMode): boolean {
  return mode === 'quoted-line' || mode === 'plain-line';
}

/** Whether an answer that begins with `ahead` ends the block it begins in, or brings its end. */
export function openingInMarkup(mode: ScannerMode, ahead: string): Opening {
  if (mode === 'tool-block') return ahead.includes(TAG.toolClose) ? 'continues' : 'ends-block';
  if (matchAt(ahead.trimStart(), 0, TAG.blockClose) !== 'no') return 'closes-block';
  const close = ahead.indexOf(`\n${TAG.blockClose}`);
  const open = ahead.indexOf(TAG.blockOpen);
  // Behind another opening tag, the closing one belongs to that.
  return close !== -1 && (open === -1 || close < open) ? 'continues' : 'ends-block';
}
