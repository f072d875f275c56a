import { describe, expect, test } from 'bun:test';
import type { Part, PartSink, Stage } from '../../../src/convert/part.ts';
import { createRevisableStages } from '../../../src/convert/revisable/revisable-stages.ts';
import { joinTexts } from '../../support/convert/parts-through.ts';

const text = (words: string): Part => ({ type: 'text-delta', text: words });
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };

/** Holds each line until it is whole, and sends it in upper case. */
const shoutLines: Stage = (next) => {
  let line = '';
  return (part) => {
    if (part.type === 'text-delta') {
      const lines = (line + part.text).split(/(?<=\n)/);
      line = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
      if (lines.length > 0) next(text(lines.join('').toUpperCase()));
    } else {
      if (line !== '') next(text(line.toUpperCase()));
      next(part);
    }
  };
};

/** The stage between an author who may change the text and a client; counts what the stage reads. */
function createTelling() {
  const sent: Part[] = [];
  let unitsRead = 0;
  const counted: Stage = (next) => (part) => {
    if (part.type === 'text-delta') unitsRead += part.text.length;
    next(part);
  };
  const stages = createRevisableStages([counted, shoutLines], (part) => sent.push(part));
  let all = '';
  return {
    append(words: string) {
      all += words;
      stages.take(text(words));
    },
    /** Changes the text from `index` on, and says so. */
    change(index: number, words: string) {
      all = all.slice(0, index) + words;
      stages.change((send: PartSink) => send(text(all)));
    },
    end: () => stages.take(STOP),
    sent: () => joinTexts(sent),
    conflicts: () => stages.conflicts,
    unitsRead: () => unitsRead,
  };
}

describe('stages whose reply changes', () => {
  test('never show what they only held', () => {
    const telling = createTelling();
    telling.append('one\ntwo');
    telling.change(4, 'three\nfo');
    telling.append('ur');
    telling.end();
    expect([telling.sent(), telling.conflicts()]).toEqual([[text('ONE\nTHREE\nFOUR'), STOP], 0]);
  });

  test('send what follows the common prefix of what they had passed on', () => {
    const telling = createTelling();
    telling.append('one\ntwo\n');
    telling.change(4, 'ten\n');
    telling.end();
    expect([telling.sent(), telling.conflicts()]).toEqual([[text('ONE\nTWO\nEN\n'), STOP], 1]);
  });

  test('that are behind have read all when the reply ends', () => {
    const telling = createTelling();
    const long = 'x'.repeat(50_000);
    telling.append(long);
    for (let i = 0; i < 100; i++) telling.change(long.length, `${i}`);
    telling.append(' end');
    telling.end();
    const all = text(`${long.toUpperCase()}99 END`);
    expect([telling.sent(), telling.conflicts()]).toEqual([[all, STOP], 0]);
  });

  test('that are behind go on when enough has come', () => {
    const telling = createTelling();
    telling.append('x'.repeat(50_000));
    for (let i = 0; i < 100; i++) telling.change(50_000, `${i}`);
    const before = telling.sent();
    for (let i = 0; i < 50; i++) telling.append(`${'y'.repeat(1_000)}\n`);
    expect([before.length, telling.sent().length]).toEqual([0, 1]);
  });

  test('read a text again so often that their work stays in line with what comes', () => {
    const read = (units: number, changes: number) => {
      const telling = createTelling();
      telling.append('x'.repeat(units));
      for (let i = 0; i < changes; i++) telling.change(units, `${i}`);
      telling.end();
      return telling.unitsRead();
    };
    // 8 when linear, 64 when each change reads all.
    expect(read(800_000, 2_000) / read(100_000, 250)).toBeLessThan(12);
  });
});
