import { createCallIds } from '../tool-calls/call-id.ts';
import { createRevisableText, type RevisableText } from './revisable-text.ts';

/** A call as the client has it, or is to get it. */
interface RevisableCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly arguments: RevisableText;
  /** Whether the call stands in the message text, where an edit may take it away again. */
  readonly isInMessage: boolean;
  readonly isAnonymous: boolean;
  /** Whether it is part of the reply as the reply is now. */
  isCurrent: boolean;
}

/** Where the calls of a message stood: opaque, immutable, good for any number of returns. */
export interface CallsState {
  readonly blocks: number;
  readonly length: number;
  readonly read: number;
}

/** Gets what a client that has all of it so far still lacks of the calls. */
export interface CallSink {
  start(index: number, id: string, name: string): void;
  append(index: number, text: string): void;
  /** The client has other arguments than the call has now; `text` follows on their common prefix. */
  change(index: number, text: string): void;
}

/**
 * The calls of one reply. Those in blocks of the message text change with it, as texts do: a block
 * that is written again goes through its call from the start, and only what is new is sent. A second
 * block of the same id goes on with the call of the first. Other calls only grow.
 */
export interface RevisableCalls {
  /** A block of the message begins; `append` brings its arguments. */
  openBlock(id: string | null, name: string): void;
  append(text: string): void;
  /** Starts a call outside of the message; returns its index, null when a block has brought it. */
  start(id: string | null, name: string): number | null;
  appendTo(index: number, text: string): void;
  save(): CallsState;
  restore(state: CallsState): void;
  /** Nothing changes any more: what waited goes out. */
  finish(): void;
  /** How often the author changed what the client already had. */
  readonly conflicts: number;
  /** All that were sent, whether they are current or not, by their index. */
  readonly sent: readonly Readonly<RevisableCall>[];
  /** Those that the reply has now: the message's in its order, then the others. */
  current(): readonly Readonly<RevisableCall>[];
}

/** What a block did to its call; null when the call is none of the message's. */
interface Block {
  call: RevisableCall | null;
  /** The length of the call's arguments before; null when the block began the call. */
  lengthBefore: number | null;
}

/** Makes the calls of a reply nothing has come of yet. The work is linear in what comes in. */
export function createRevisableCalls(sink: CallSink): RevisableCalls {
  const calls: RevisableCall[] = [];
  const callOfKey = new Map<string, RevisableCall>();
  const ids = createCallIds();
  const blocks: Block[] = [];
  // How far the arguments of the last block were read; beyond an earlier block's, they are new.
  let read = 0;

  function add(id: string | null, name: string, isInMessage: boolean): RevisableCall {
    const call: RevisableCall = {
      index: calls.length,
      id: ids.claim(id),
      name,
      arguments: createRevisableText(),
      isInMessage,
      isAnonymous: id === null,
      isCurrent: true,
    };
    calls.push(call);
    if (id !== null) callOfKey.set(keyOf(id, name), call);
    return call;
  }

  function findForBlock(id: string | null, name: string): RevisableCall | undefined {
    if (id === null) return calls.find((call) => isWaiting(call) && call.name === name);
    return callOfKey.get(keyOf(id, name));
  }

  function sendStart({ index, id, name }: RevisableCall): void {
    sink.start(index, id, name);
  }

  function send(call: RevisableCall, text: string): void {
    const conflictsBefore = call.arguments.conflicts;
    const lacking = call.arguments.append(text);
    if (call.arguments.conflicts > conflictsBefore) sink.change(call.index, lacking);
    else if (lacking !== '') sink.append(call.index, lacking);
  }

  function undo({ call, lengthBefore }: Block): void {
    call?.arguments.truncate(lengthBefore ?? 0);
    if (call !== null && lengthBefore === null) call.isCurrent = false;
  }

  return {
    openBlock(id, name) {
      read = 0;
      const known = findForBlock(id, name);
      if (known?.isInMessage === false) {
        blocks.push({ call: null, lengthBefore: null });
        return;
      }
      const lengthBefore = known?.isCurrent ? known.arguments.length : null;
      const call = known ?? add(id, name, true);
      call.isCurrent = true;
      blocks.push({ call, lengthBefore });
      if (known === undefined) sendStart(call);
    },
    append(text) {
      const call = blocks.at(-1)?.call ?? null;
      if (call === null) return;
      const known = call.arguments.length - read;
      read += text.length;
      send(call, known > 0 ? text.slice(known) : text);
    },
    start(id, name) {
      const known = id === null ? undefined : callOfKey.get(keyOf(id, name));
      if (known !== undefined) return null;
      const call = add(id, name, false);
      sendStart(call);
      return call.index;
    },
    appendTo(index, text) {
      const call = calls[index];
      if (call !== undefined) send(call, text);
    },
    save: () => ({
      blocks: blocks.length,
      length: blocks.at(-1)?.call?.arguments.length ?? 0,
      read,
    }),
    restore(state) {
      while (blocks.length > state.blocks) undo(blocks.pop() as Block);
      blocks.at(-1)?.call?.arguments.truncate(state.length);
      read = state.read;
    },
    finish() {
      for (const call of calls.filter((one) => one.isCurrent)) {
        const waited = call.arguments.finish();
        if (waited !== '') sink.append(call.index, waited);
      }
    },
    get conflicts() {
      return calls.reduce((sum, call) => sum + conflictsOf(call), 0);
    },
    sent: calls,
    current() {
      const inMessage = blocks.flatMap(({ call }) => call ?? []);
      return [...new Set([...inMessage, ...calls.filter((call) => !call.isInMessage)])];
    },
  };
}

/** Ids should be enough, but a call of another function is another call. */
function keyOf(id: string, name: string): string {
  return `${id} ${name}`;
}

/** That a call was taken away is one as well. */
function conflictsOf(call: RevisableCall): number {
  return call.arguments.conflicts + (call.isCurrent ? 0 : 1);
}

/** An edit has taken the call away; it had no id to know it again by. */
function isWaiting(call: RevisableCall): boolean {
  return call.isAnonymous && call.isInMessage && !call.isCurrent;
}
