import type { PartSink } from '../part.ts';
import type { CallSink } from './call-sink.ts';

/** What is left of a reply's text when its calls are cut out, and the calls. */
export interface CallOutput extends CallSink {
  /** Takes text that is no call. */
  say(text: string): void;
  /** Passes on the text so far. */
  flush(): void;
  /** Takes a call that the upstream made itself; returns the index it has among all calls. */
  addNative(id: string): number;
  /** No more text. */
  end(): void;
  readonly hasCalls: boolean;
  /** Whether there are neither words nor calls. */
  readonly isBlank: boolean;
}

/**
 * Makes an output. White space between a call and the beginning or the end of the reply goes with the
 * call; what lies between two pieces of text stays, whether there is a call between them or not.
 *
 * @param createId ids for calls that came without one, or with one that another call has already.
 */
export function createCallOutput(next: PartSink, createId: () => string): CallOutput {
  const ids = new Set<string>();
  let calls = 0;
  // Text not passed on yet, and the white space at its end, which may yet be dropped.
  let text = '';
  let space = '';
  // Both leave white space out of account.
  let hasText = false;
  let last: 'nothing' | 'text' | 'call' = 'nothing';

  function flush(): void {
    if (text === '') return;
    const due = text;
    text = '';
    next({ type: 'text-delta', text: due });
  }

  function freeId(id: string | null): string {
    const free = id === null || ids.has(id) ? createId() : id;
    ids.add(free);
    return free;
  }

  return {
    say(piece) {
      const words = piece.trimStart();
      space += piece.slice(0, piece.length - words.length);
      if (words === '') return;
      if (last === 'call' && !hasText) space = '';
      hasText = true;
      last = 'text';
      const ending = words.trimEnd();
      text += space + ending;
      space = words.slice(ending.length);
    },
    flush,
    begin(name, id) {
      if (!hasText) space = '';
      flush();
      last = 'call';
      const index = calls;
      calls += 1;
      next({ type: 'tool-call-start', index, id: freeId(id), name });
      return (fragment) => next({ type: 'tool-call-delta', index, arguments: fragment });
    },
    addNative(id) {
      if (!hasText) space = '';
      flush();
      last = 'call';
      ids.add(id);
      calls += 1;
      return calls - 1;
    },
    end() {
      if (last === 'call') space = '';
      text += space;
      space = '';
      flush();
    },
    get hasCalls() {
      return calls > 0;
    },
    get isBlank() {
      return calls === 0 && !hasText;
    },
  };
}
