import {
  createJsonWalker,
  type JsonPlace,
  WALKER_START,
  type WalkerState,
} from '../json/json-walker.ts';
import type { RevisableCalls } from '../revisable/revisable-calls.ts';
import { type FoundPage, pagesInText } from '../search/search-pages.ts';

export interface ToolBlockReaderOptions {
  /** The functions of the client; what calls others is the service's own business. */
  toolNames: ReadonlySet<string>;
  calls: Pick<RevisableCalls, 'openBlock' | 'append'>;
  /** null when nobody wants search results. */
  onPages: ((pages: readonly FoundPage[]) => void) | null;
}

type Wanted = 'id' | 'name' | 'arguments' | 'pages';

/** Where a reader stands: opaque, immutable, good for any number of returns. */
export interface ToolBlockState {
  readonly walker: WalkerState;
  readonly taking: Wanted | null;
  readonly value: string;
  readonly id: string | null;
  readonly name: string | null;
  /** Arguments that came and were not sent: before the name, they have to wait. */
  readonly waiting: string;
  readonly isOpen: boolean;
}

/** Reads the JSON between `<glm_block …>` and `</glm_block>`, in pieces cut anywhere. */
export interface ToolBlockReader {
  read(text: string): void;
  /** The block is over, complete or not; the next text is that of another one. */
  end(): void;
  save(): ToolBlockState;
  restore(state: ToolBlockState): void;
}

const BLOCK_START: ToolBlockState = {
  walker: WALKER_START,
  taking: null,
  value: '',
  id: null,
  name: null,
  waiting: '',
  isOpen: false,
};

/**
 * Makes a reader of tool blocks:
 *
 *     <glm_block view="">{"type":"mcp","data":{"metadata":{"id":"call_1","name":"add",
 *       "arguments":"{\"a\":1}","result":…},"browser":{"search_result":[…]}}}</glm_block>
 *
 * A call of one of the client's functions is handed on as its arguments come, out of the JSON string
 * they are in. `type` says nothing: client's functions have been seen as `mcp` too. Search results
 * are handed on wherever in the block they are, in the text of a `result` as well.
 */
export function createToolBlockReader(options: ToolBlockReaderOptions): ToolBlockReader {
  const { toolNames, calls, onPages } = options;
  let { taking, value, id, name, waiting, isOpen } = BLOCK_START;
  const walker = createJsonWalker({ take, piece, end: endValue });

  function take(place: JsonPlace, kind: 'string' | 'container'): boolean {
    taking = wantedAt(place, kind);
    if (taking === 'pages' && onPages === null) taking = null;
    value = '';
    return taking !== null;
  }

  function piece(text: string): void {
    if (taking === 'arguments') waiting += text;
    else value += text;
  }

  /** Sends the arguments that a piece has brought, as one fragment. */
  function sendArguments(): void {
    if (waiting === '' || name === null) return;
    if (open()) calls.append(waiting);
    waiting = '';
  }

  /** Whether the block is a call of the client's. */
  function open(): boolean {
    if (isOpen || name === null || !toolNames.has(name)) return isOpen;
    isOpen = true;
    calls.openBlock(id, name);
    return true;
  }

  function endValue(): void {
    if (taking === 'id') id = value === '' ? null : value;
    else if (taking === 'name') name = value;
    else if (taking === 'pages') reportPages(value);
    sendArguments();
    taking = null;
    value = '';
  }

  function reportPages(text: string): void {
    const pages = pagesInText(text);
    if (pages.length > 0) onPages?.(pages);
  }

  function restore(state: ToolBlockState): void {
    ({ taking, value, id, name, waiting, isOpen } = state);
    walker.restore(state.walker);
  }

  return {
    read(text) {
      walker.feed(text);
      sendArguments();
    },
    end() {
      open();
      restore(BLOCK_START);
    },
    save: () => ({ walker: walker.save(), taking, value, id, name, waiting, isOpen }),
    restore,
  };
}

/** What a value is of interest for, by its place; null when it is not. */
function wantedAt({ key, parent }: JsonPlace, kind: 'string' | 'container'): Wanted | null {
  if (key === 'search_result' && kind === 'container') return 'pages';
  if (parent?.key !== 'metadata') return null;
  if (key === 'arguments') return 'arguments';
  if (kind === 'container') return null;
  if (key === 'id' || key === 'name') return key;
  return key === 'result' ? 'pages' : null;
}
