import { unclearTail } from '../message/reply-markup.ts';
import type { Channel } from '../message/voice.ts';

const OPEN = '<think>';
const CLOSE = '</think>';

/** How much white space before a tag goes with it, in UTF-16 units: so much is held back at most. */
const MAX_SPACE_UNITS = 16;

/** Reads a text that may begin with reasoning in tags. */
export interface ThinkTags {
  read(text: string): void;
  /** What is held back is what it looks like: the text is over, or goes on behind something else. */
  release(): void;
  /** A text that has not begun yet has no tags: whatever it begins with is the answer. */
  expectNone(): void;
}

/**
 * Makes the reader of a server's text that has the model's `<think>…</think>` in it, as servers that
 * run without a reasoning parser send it (vLLM, SGLang and llama.cpp do so when they are not told of
 * one). Only at the very start are they tags: elsewhere the text speaks of them. White space next to
 * a tag goes with it.
 *
 *   opening ──<think>──▶ thinking ──</think>──▶ answering
 *      └────anything else────────────────────────▲
 */
export function createThinkTags(speak: (channel: Channel, text: string) => void): ThinkTags {
  let state: 'opening' | 'thinking' | 'answering' = 'opening';
  let isBehindTag = false;
  let held = '';

  function read(text: string): void {
    const words = isBehindTag ? text.trimStart() : text;
    if (words === '') return;
    isBehindTag = false;
    if (state === 'answering') speak('answer', words);
    else if (state === 'opening') readOpening(held + words);
    else readThinking(held + words);
  }

  function readOpening(text: string): void {
    const words = text.trimStart();
    const isLed = text.length - words.length <= MAX_SPACE_UNITS;
    if (isLed && words.startsWith(OPEN)) leaveTag('thinking', words.slice(OPEN.length));
    else if (isLed && OPEN.startsWith(words)) held = text;
    else leaveOpening(text);
  }

  function leaveOpening(text: string): void {
    state = 'answering';
    held = '';
    if (text !== '') speak('answer', text);
  }

  function readThinking(text: string): void {
    const close = text.indexOf(CLOSE);
    const end = close === -1 ? text.length - unclearTail(text, 0, CLOSE) : close;
    const words = text.slice(0, end).trimEnd();
    const thought = text.slice(0, Math.max(words.length, end - MAX_SPACE_UNITS));
    if (thought !== '') speak('reasoning', thought);
    if (close === -1) held = text.slice(thought.length);
    else leaveTag('answering', text.slice(close + CLOSE.length));
  }

  function leaveTag(next: 'thinking' | 'answering', rest: string): void {
    state = next;
    held = '';
    isBehindTag = true;
    read(rest);
  }

  return {
    read,
    release() {
      if (state === 'opening') {
        if (held !== '') leaveOpening(held);
      } else if (held !== '') {
        speak('reasoning', held);
        held = '';
      }
    },
    expectNone() {
      if (state === 'opening') leaveOpening(held);
    },
  };
}
