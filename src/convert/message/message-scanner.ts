import { readScaffold } from './block-scaffold.ts';
import type { RawHeads } from './raw-heads.ts';
import { matchAt, reasoningTagEnd, TAG, toolBlockStart } from './reply-markup.ts';
import {
  isHead,
  isLine,
  isMarkup,
  type Opening,
  openingInMarkup,
  SCANNER_START,
  type ScannerMode,
  type ScannerSink,
  type ScannerState,
} from './scanner-state.ts';
import { createToolBlockEnd } from './tool-block-end.ts';
import { channelOf, opensBlocks, type Voice } from './voice.ts';
import { concatRuns, joinRuns, type Manner, sliceRuns, type VoicedRun } from './voiced-run.ts';

/** Tells reasoning from answer in a message text that arrives in pieces. */
export interface MessageScanner {
  /** To be asked before a piece is scanned, and passed to `begin`; see `Opening`. */
  openingOf(piece: string, voice: Voice): Opening;
  begin(opening: Opening): void;
  scan(text: string, manner: Manner): void;
  /** The message is over: what was held back is decided as text. */
  finish(): void;
  save(): ScannerState;
  restore(state: ScannerState): void;
  /** Whether the next words stand in markup, so that it matters where a piece begins. */
  isInMarkup(): boolean;
}

/** A reader had too little text to decide. */
const HOLD = -1;

/**
 * Makes a scanner at the start of a message. `speak` gets the text of each channel in order, without
 * markup: tags, the summary, one quote mark a line, the newlines next to the block's tags.
 *
 * With `rawHeads` it takes tool blocks out and nothing else: all the rest is answer, as it is written.
 *
 * The service closes a block on a line of its own, and never behind a mark. So `</details>` in a
 * quoted line is the model's own text, as when it thinks about HTML, unless an answer begins with it.
 */
export function createMessageScanner(sink: ScannerSink, rawHeads: RawHeads | null): MessageScanner {
  let { mode, toolReturn, blockVoice, toolVoice, held, isFirst } = SCANNER_START;
  // The text under the scanner: what was held, and the new piece behind it.
  let text = '';
  let runs: readonly VoicedRun[] = [];
  const blockEnd = createToolBlockEnd(sink.readBlock);

  function readOn(at: number): number {
    switch (mode) {
      case 'outside':
        return readOutside(at);
      case 'quoted-line':
      case 'plain-line':
        return readLine(at, mode === 'plain-line');
      case 'tool-block':
        return readTool(at);
      default: {
        const step = readScaffold(mode, text, at);
        return step === null ? HOLD : enter(step.mode, step.at);
      }
    }
  }

  function readOutside(at: number): number {
    let i = text.indexOf('<', at);
    for (; i !== -1; i = text.indexOf('<', i + 1)) {
      const blockTag = blockTagEnd(i);
      const toolJson = toolBlockStart(text, i);
      if (blockTag === 'no' && toolJson === 'no') continue;
      emit(at, i);
      if (typeof blockTag === 'number') return enterBlock(i, blockTag);
      return typeof toolJson === 'number' ? enterTool(i, toolJson) : holdFrom(at, i);
    }
    emit(at, text.length);
    return text.length;
  }

  /** Where the tag ends that opens a reasoning block at `at`; see `Voice`. */
  function blockTagEnd(at: number): number | 'no' | 'unclear' {
    const end = reasoningTagEnd(text, at);
    if (end === 'no' || (isFirst && at === 0)) return end;
    const run = runAt(at);
    return run.isServiceTag || opensBlocks(run.voice) ? end : 'no';
  }

  function readLine(at: number, closesInline: boolean): number {
    for (let i = at; i < text.length; i++) {
      const unit = text[i];
      if (unit !== '\n' && unit !== '<') continue;
      const closeAt = unit === '\n' ? i + 1 : i;
      const close = unit === '\n' || closesInline ? matchAt(text, closeAt, TAG.blockClose) : 'no';
      const toolJson = toolBlockStart(text, i);
      if (close === 'no' && toolJson === 'no' && unit === '<') continue;
      emit(at, i);
      if (close === 'yes') return enter('after-block', closeAt + TAG.blockClose.length);
      if (typeof toolJson === 'number') return enterTool(i, toolJson);
      if (close === 'unclear' || toolJson === 'unclear') return holdFrom(at, i);
      emit(i, i + 1);
      return enter('line-start', i + 1);
    }
    emit(at, text.length);
    return text.length;
  }

  function readTool(from: number): number {
    const { at, ended, unread } = blockEnd.read(runs, text, from);
    if (!ended) return holdFrom(from, at);
    sink.endBlock();
    mode = toolReturn;
    if (unread.length === 0) return at;
    runs = concatRuns(unread, sliceRuns(runs, at, text.length));
    text = joinRuns(runs);
    return 0;
  }

  function enter(next: ScannerMode, at: number): number {
    mode = next;
    return at;
  }

  function enterBlock(at: number, tagEnd: number): number {
    rawHeads?.add(text.slice(at, tagEnd));
    blockVoice = runAt(at).voice;
    return enter('block-start', tagEnd);
  }

  function enterTool(at: number, json: number): number {
    toolReturn = mode;
    toolVoice = runAt(at).voice;
    return enter('tool-block', json);
  }

  function runAt(at: number): VoicedRun {
    return sliceRuns(runs, at, at + 1)[0] as VoicedRun;
  }

  /** Done up to `from`; the rest has to wait, if `from` is no news. */
  function holdFrom(at: number, from: number): number {
    return from > at ? from : HOLD;
  }

  /** Speaks `text[from … to)`, each part with the voice it came in. */
  function emit(from: number, to: number): void {
    for (const run of sliceRuns(runs, from, to)) speak(run.text, run.voice);
  }

  function speak(words: string, voice: Voice): void {
    const channel = channelOf(voice, mode !== 'outside');
    if (channel !== null) sink.speak(rawHeads === null ? channel : 'answer', words);
  }

  /** Nearly all pieces are words amid others of their kind, with nothing in them to decide on. */
  function isMereWords(piece: string): boolean {
    if (held.length > 0 || piece.includes('<')) return false;
    return mode === 'outside' || (isLine(mode) && !piece.includes('\n'));
  }

  function scan(piece: string, manner: Manner): void {
    if (isMereWords(piece)) {
      isFirst = false;
      speak(piece, manner.voice);
    } else scanRuns([{ text: piece, ...manner }]);
  }

  function scanRuns(more: readonly VoicedRun[]): void {
    runs = concatRuns(held, more);
    text = joinRuns(runs);
    let at = 0;
    while (at < text.length) {
      const heads = rawHeads !== null && isHead(mode) ? rawHeads : null;
      const next = readOn(at);
      if (next === HOLD) break;
      isFirst = false;
      if (heads !== null) takeHead(heads, text.slice(at, next));
      at = next;
    }
    held = at === text.length ? SCANNER_START.held : sliceRuns(runs, at, text.length);
  }

  /** Behind its head, a block in a raw text is text like any other. */
  function takeHead(heads: RawHeads, piece: string): void {
    heads.add(piece);
    if (isHead(mode)) return;
    sink.speak('answer', heads.end());
    mode = 'outside';
  }

  /** Ends whatever is open, as if its closing tag had come here. */
  function endMarkup(): void {
    runs = held;
    text = joinRuns(held);
    held = SCANNER_START.held;
    if (mode === 'outside') emit(0, text.length);
    // A newline was held because the closing tag could follow; now the block ends without one.
    else if (isLine(mode)) emit(text[0] === '\n' ? 1 : 0, text.length);
    else if (mode === 'tool-block') endTool();
    else if (isHead(mode) && rawHeads !== null) {
      rawHeads.add(text);
      sink.speak('answer', rawHeads.end());
    }
    mode = 'outside';
  }

  /** What was in doubt lies behind the block, and may open others. */
  function endTool(): void {
    sink.endBlock();
    const unread = blockEnd.end();
    if (unread === null) return;
    mode = toolReturn;
    scanRuns(concatRuns(unread, runs));
    endMarkup();
  }

  return {
    openingOf(piece, voice) {
      if (voice !== 'answer' || !isMarkup(mode)) return 'continues';
      // An answer that has brought a block goes on with it, wherever its frames cut it.
      if ((mode === 'tool-block' ? toolVoice : blockVoice) === 'answer') return 'continues';
      return openingInMarkup(mode, joinRuns(held) + piece);
    },
    begin(opening) {
      if (opening === 'ends-block') endMarkup();
      else if (opening === 'closes-block' && mode === 'quoted-line') mode = 'plain-line';
    },
    scan,
    finish: endMarkup,
    save: () => ({
      mode,
      toolReturn,
      blockVoice,
      toolVoice,
      toolEnd: blockEnd.save(),
      held,
      isFirst,
      heads: rawHeads?.save() ?? null,
    }),
    restore(state) {
      ({ mode, toolReturn, blockVoice, toolVoice, held, isFirst } = state);
      blockEnd.restore(state.toolEnd);
      if (state.heads !== null) rawHeads?.restore(state.heads);
    },
    isInMarkup: () => isMarkup(mode),
  };
}
