import { flatText } from '../../lib/flat-text.ts';
import type { MessageReader, ReaderState } from './message-reader.ts';
import type { Opening } from './scanner-state.ts';
import { splitAtServiceTags } from './service-tags.ts';
import { opensBlocks, type Voice } from './voice.ts';
import type { Manner } from './voiced-run.ts';

/**
 * The one text of a reply as the service keeps and edits it. Indexes count UTF-16 code units over the
 * whole message, markup and hidden text included.
 */
export interface MessageText {
  append(text: string, voice: Voice): void;
  /** `message = message[0 … index) + text`. An index beyond the end is the end. */
  edit(index: number, text: string, voice: Voice): void;
  /** The message will not change any more: what was held back goes out. */
  finish(): void;
}

/** A stretch of the message, and all it takes to read the message again from its start. */
interface Segment {
  start: number;
  text: string;
  readonly manner: Manner;
  /** Decided when the piece came, and kept when an edit cuts it. */
  readonly opening: Opening;
  readonly reader: ReaderState;
}

/**
 * Segments are of about this many UTF-16 units. An edit reads again at most one of them, so that its
 * cost does not grow with the message; smaller ones would cost memory, a state each.
 */
const SEGMENT_UNITS = 1024;

/**
 * Makes an empty message. The reader goes through its text, and back when an edit changes it. The
 * work is linear in the text that comes in, however many edits bring it.
 */
export function createMessageText(reader: MessageReader): MessageText {
  const segments: Segment[] = [];

  function add(text: string, voice: Voice): void {
    const last = segments.at(-1);
    if (last !== undefined && mayJoin(last, text, voice)) {
      last.text += text;
      reader.scan(text, last.manner);
    } else {
      addSegments(text, { voice, isServiceTag: false }, reader.openingOf(text, voice));
    }
  }

  function mayJoin({ text: before, manner }: Segment, text: string, voice: Voice): boolean {
    const fits = before.length + text.length <= SEGMENT_UNITS;
    const isSame = manner.voice === voice && !manner.isServiceTag;
    // Where a piece of answer begins is only forgotten when no block is open that it could end.
    const beginsUnseen = voice !== 'answer' || !reader.isInMarkup();
    return fits && isSame && beginsUnseen;
  }

  /** Adds text of an edit: one piece, whatever tags are in it. */
  function addEdited(edited: string, voice: Voice): void {
    const stretches = opensBlocks(voice) ? [] : splitAtServiceTags(edited);
    if (!stretches.some(({ isServiceTag }) => isServiceTag)) {
      add(edited, voice);
      return;
    }
    let opening = reader.openingOf(edited, voice);
    for (const { text, isServiceTag } of stretches) {
      addSegments(text, { voice, isServiceTag }, opening);
      opening = 'continues';
    }
  }

  function addSegments(text: string, manner: Manner, opening: Opening): void {
    for (let at = 0; at < text.length; at += SEGMENT_UNITS) {
      const part = text.length > SEGMENT_UNITS ? text.slice(at, at + SEGMENT_UNITS) : text;
      addSegment(part, manner, at === 0 ? opening : 'continues');
    }
  }

  function addSegment(text: string, manner: Manner, opening: Opening): void {
    const last = segments.at(-1);
    if (last !== undefined) last.text = flatText(last.text);
    segments.push({ start: messageLength(), text, manner, opening, reader: reader.save() });
    reader.begin(opening);
    reader.scan(text, manner);
  }

  function messageLength(): number {
    const last = segments.at(-1);
    return last === undefined ? 0 : last.start + last.text.length;
  }

  function truncate(index: number): void {
    if (index >= messageLength()) return;
    let cut = segments.pop() as Segment;
    while (cut.start > index) cut = segments.pop() as Segment;
    reader.restore(cut.reader);
    const kept = cut.text.slice(0, index - cut.start);
    if (kept !== '') addSegment(kept, cut.manner, cut.opening);
  }

  return {
    append(text, voice) {
      add(text, voice);
      reader.flush();
    },
    edit(index, text, voice) {
      truncate(index);
      addEdited(text, voice);
      reader.flush();
    },
    finish: reader.finish,
  };
}
