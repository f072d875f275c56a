import { parseJson } from '../../lib/parse-json.ts';
import type { Part, PartSink } from '../part.ts';
import { createCallIds } from '../tool-calls/call-id.ts';
import { createRevisableText, type RevisableText } from './revisable-text.ts';

type CallStart = Extract<Part, { type: 'tool-call-start' }>;
type CallDelta = Extract<Part, { type: 'tool-call-delta' }>;

interface SentCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly arguments: RevisableText;
  /** Whether it is part of the reply as it was told last. */
  isTold: boolean;
}

/** The calls that a client of a stream has, while the reply may be told anew; see `SentReply`. */
export interface SentCalls {
  /** Takes the start of a call; returns the index it has with the client. */
  start(part: CallStart): number;
  /** Takes more of its arguments. False when they are not what the client has of them. */
  append(part: CallDelta): boolean;
  restart(): void;
  /** The reply is over. False when the client has a call that it must not run. */
  finish(): boolean;
  readonly count: number;
  /** How often a call that the client has was changed, or taken away. */
  readonly conflicts: number;
}

/** Makes the calls of a client that has none. A call is known again by its id and its name. */
export function createSentCalls(send: PartSink): SentCalls {
  const calls: SentCall[] = [];
  const ids = createCallIds();
  // By the index that they were told with.
  const told = new Map<number, SentCall>();

  function add({ id, name }: CallStart): SentCall {
    const call: SentCall = {
      index: calls.length,
      id: ids.claim(id),
      name,
      arguments: createRevisableText(),
      isTold: true,
    };
    calls.push(call);
    send({ type: 'tool-call-start', index: call.index, id: call.id, name });
    return call;
  }

  function find({ id, name }: CallStart): SentCall | undefined {
    const known = calls.find((call) => !call.isTold && call.id === id && call.name === name);
    if (known !== undefined) {
      known.isTold = true;
      known.arguments.truncate(0);
    }
    return known;
  }

  function sendArguments({ index }: SentCall, text: string): void {
    if (text !== '') send({ type: 'tool-call-delta', index, arguments: text });
  }

  /** Sends what waited; whether the client has what the call is. */
  function finishCall(call: SentCall): boolean {
    // A whole call that was taken away is one that its client may have run already.
    if (!call.isTold) return parseJson(call.arguments.toString()) !== undefined;
    sendArguments(call, call.arguments.finish());
    return call.arguments.conflicts === 0;
  }

  return {
    start(part) {
      const call = find(part) ?? add(part);
      told.set(part.index, call);
      return call.index;
    },
    append(part) {
      const call = told.get(part.index);
      if (call === undefined) return true;
      const lacking = call.arguments.append(part.arguments);
      if (call.arguments.conflicts > 0) return false;
      sendArguments(call, lacking);
      return true;
    },
    restart() {
      told.clear();
      for (const call of calls) call.isTold = false;
    },
    finish: () => calls.every(finishCall),
    get count() {
      return calls.length;
    },
    get conflicts() {
      return calls.reduce((sum, call) => sum + conflictsOf(call), 0);
    },
  };
}

function conflictsOf(call: SentCall): number {
  return call.arguments.conflicts + (call.isTold ? 0 : 1);
}
