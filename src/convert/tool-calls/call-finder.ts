import { createBareJsonReader } from './bare-json-reader.ts';
import { BLOCK_OPEN } from './block-tags.ts';
import type { CallReader, Reading } from './call-reader.ts';
import type { CallSink } from './call-sink.ts';
import { createCodeContext } from './code-context.ts';
import { mayOpenCallFence, openedCallFence } from './code-fence.ts';
import { createFencedCallReader } from './fenced-call-reader.ts';
import { createTaggedCallReader } from './tagged-call-reader.ts';
import type { ToolSet } from './tool-set.ts';

/** Finds the calls in a reply's text. */
export interface CallFinder {
  /** Takes the next piece of text, of any size. */
  read(text: string): void;
  /** The reply is over; see `CallReader.end`. */
  end(isCut: boolean): void;
}

export interface CallFinderOptions {
  tools: ToolSet;
  /** Takes the calls. */
  calls: CallSink;
  /** Takes the text that is no call, in order. */
  say: (text: string) => void;
  /** How many units are held back at most for a call that is not certain. */
  scanLimit: number;
}

/**
 * What is being read. All but `text` is held back: it may be
 *
 * - `tag`: `<tool_call>`
 * - `span`: a code span, with `<tool_call>` in it
 * - `fence`: the first line of a code block that may hold a call
 * - `call`: a call
 */
type Mode = 'text' | 'tag' | 'span' | 'fence' | 'call';

/** What begins nothing and changes nothing, in a line of text. */
const PLAIN = /[^\s<`~{]+/y;

/**
 * Makes a finder at the beginning of a text. It goes through the text unit by unit, so where its
 * pieces were cut cannot matter; and once, but for what follows a place that was taken for code or
 * for the inside of a string, and was not.
 *
 * Calls in code are text about calls: code is not searched, but for JSON that makes up a whole block,
 * and for blocks of calls that make up the whole answer.
 */
export function createCallFinder(options: CallFinderOptions): CallFinder {
  const { tools, calls, scanLimit } = options;
  const context = createCodeContext();
  let mode: Mode = 'text';
  // What the mode holds back; in `call`, the reader does.
  let held = '';
  let reader: CallReader | null = null;
  // Nothing but white space so far.
  let isBlank = true;

  const READERS: Record<Mode, (unit: string) => void> = {
    text: readText,
    tag: readTag,
    span: readSpan,
    fence: readFence,
    call: readCall,
  };

  function say(text: string): void {
    if (isBlank) isBlank = text.trim() === '';
    context.read(text);
    options.say(text);
  }

  function readText(unit: string): void {
    const place = '<{`~'.includes(unit) ? context.placeOf(unit) : null;
    if (unit === '<' && place !== 'fence') hold('tag', unit);
    else if (place !== 'line-start') say(unit);
    else if (unit === '{') begin(createBareJsonReader(tools, calls), unit);
    else hold('fence', unit);
  }

  function readTag(unit: string): void {
    if (!BLOCK_OPEN.startsWith(held + unit)) {
      release(unit);
      return;
    }
    held += unit;
    if (held !== BLOCK_OPEN) return;
    if (context.placeOf(unit) === 'span') mode = 'span';
    else begin(createTaggedCallReader(tools, calls));
  }

  /** The context reads along: it knows when the span is closed. */
  function readSpan(unit: string): void {
    if (unit === '\n') {
      readSpanAsText(unit);
    } else if (unit !== '`' && context.placeOf(unit) !== 'span') {
      releaseSpan(unit);
    } else {
      context.read(unit);
      held += unit;
      if (held.length > scanLimit) releaseSpan('');
    }
  }

  function readSpanAsText(behind: string): void {
    const rest = held.slice(BLOCK_OPEN.length) + behind;
    context.dropSpan();
    begin(createTaggedCallReader(tools, calls));
    read(rest);
  }

  function releaseSpan(behind: string): void {
    options.say(held);
    hold('text', '');
    read(behind);
  }

  function readFence(unit: string): void {
    const fence = unit === '\n' ? openedCallFence(held + unit) : null;
    if (fence !== null) {
      begin(createFencedCallReader({ fence, isFirst: isBlank, tools, sink: calls }));
    } else if (mayOpenCallFence(held + unit)) {
      held += unit;
    } else {
      release(unit);
    }
  }

  function readCall(unit: string): void {
    if (reader === null) return;
    const reading = reader.read(unit) ?? (reader.heldUnits > scanLimit ? reader.giveUp() : null);
    if (reading !== null) endCall(reading);
  }

  function hold(next: Mode, text: string): void {
    mode = next;
    held = text;
  }

  /** What was held back is text; what is behind it may be anything. */
  function release(behind: string): void {
    const text = held;
    hold('text', '');
    say(text);
    read(behind);
  }

  function begin(next: CallReader, firstUnits = ''): void {
    hold('call', '');
    reader = next;
    read(firstUnits);
  }

  function endCall({ isCall, text, rest }: Reading): void {
    hold('text', '');
    reader = null;
    if (isCall) {
      context.reset();
      isBlank = false;
    }
    say(text);
    read(rest);
  }

  function read(text: string): void {
    for (let at = 0; at < text.length; ) {
      const end = mode === 'text' ? plainEnd(text, at) : at;
      if (end > at) {
        say(text.slice(at, end));
        at = end;
      } else {
        READERS[mode](text[at] as string);
        at += 1;
      }
    }
  }

  function end(isCut: boolean): void {
    if (mode === 'call' && reader !== null) {
      endCall(reader.end(isCut));
    } else if (mode === 'span' && context.placeOf('') === 'span') {
      readSpanAsText('');
    } else {
      if (mode === 'span') options.say(held);
      else say(held);
      hold('text', '');
      return;
    }
    // What was behind may have begun something else.
    end(isCut);
  }

  return { read, end };
}

/** Where the words that begin at `at` end; `at` itself when there are none. */
function plainEnd(text: string, at: number): number {
  PLAIN.lastIndex = at;
  return PLAIN.test(text) ? PLAIN.lastIndex : at;
}
