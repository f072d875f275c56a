import type { Voice } from '../../../src/convert/message/voice.ts';
import { type BlockClose, closeOfToolBlock } from './naive-tool-block.ts';

/** What the piece that begins at a unit does to a block that is open. */
export type Opening = 'none' | 'closes' | 'ends';

export interface Unit {
  unit: string;
  voice: Voice;
  opening: Opening;
  /** Whether the opening tag of a reasoning block opens it, if it begins here. */
  mayOpen: boolean;
}

type State = 'outside' | 'summary-due' | 'summary' | 'line-start' | 'quoted' | 'plain' | 'tool';

/** Reads units that begin outside of any block; at their end, what is open is over. */
export class NaiveReader {
  reasoning = '';
  answer = '';
  state: State = 'outside';
  /** What might have become markup, had the text gone on. */
  undecided = '';
  /** Whose words brought the blocks. */
  blockVoice: Voice = 'neutral';
  toolVoice: Voice = 'neutral';
  #behindTool: State = 'outside';
  #at = 0;
  readonly #units: readonly Unit[];
  readonly #text: string;

  constructor(units: readonly Unit[]) {
    this.#units = units;
    this.#text = units.map(({ unit }) => unit).join('');
  }

  readAll(): this {
    this.#read();
    const { state, undecided, blockVoice, toolVoice } = this;
    // A tag in doubt was the end after all, and what is behind it may open other blocks.
    while (this.state === 'tool' && this.#endTool('doubtful')) this.#read();
    if (this.state === 'outside') this.#say(this.undecided.length);
    if (this.state === 'plain' || this.state === 'quoted') {
      this.#skip('\n');
      this.#say(this.#text.length - this.#at);
    }
    return Object.assign(this, { state, undecided, blockVoice, toolVoice });
  }

  #read(): void {
    while (this.#at < this.#text.length && this.#step()) {}
    this.undecided = this.#text.slice(this.#at);
    if (this.state === 'summary') this.undecided = tailThatMayBe('</summary>', this.undecided);
    if (this.state === 'tool') this.undecided = undecidedInBlock(this.undecided);
  }

  /** false when there is too little text to decide. */
  #step(): boolean {
    switch (this.state) {
      case 'outside':
        return this.#outside();
      case 'summary-due':
        if (this.#mayHave('<summary')) return false;
        return this.#enter(this.#has('<summary') ? 'summary' : 'line-start', 0);
      case 'summary':
        return this.#skipTo('</summary>', 'line-start') && this.#skip('\n');
      case 'tool':
        return this.#endTool('closed');
      case 'line-start':
        return this.#lineStart();
      default:
        return this.#line();
    }
  }

  #outside(): boolean {
    const rest = this.#text.slice(this.#at);
    const { mayOpen = false } = this.#units[this.#at] ?? {};
    // A tag has at most 512 units before its `>`.
    const tag = /^<details(?=\s)[^<>]{0,504}>/.exec(rest)?.[0] ?? '';
    if (mayOpen && /\stype=("reasoning"|'reasoning'|reasoning)[\s/>]/.test(tag)) {
      this.blockVoice = this.#units[this.#at]?.voice ?? 'neutral';
      return this.#enter('summary-due', tag.length) && this.#skip('\n');
    }
    if (this.#hasTool()) return this.#enterTool();
    if (mayOpen && (this.#mayHave('<details') || /^<details[^<>]{0,504}$/.test(rest))) return false;
    return !this.#mayHaveTool() && this.#say(1);
  }

  #lineStart(): boolean {
    if (this.#text.slice(this.#at) === '>') return false;
    if (this.#has('> ')) return this.#enter('quoted', 2);
    return this.#enter('plain', this.#has('>\n') ? 1 : 0);
  }

  #line(): boolean {
    const [here, next] = this.#units.slice(this.#at, this.#at + 2);
    if (here?.opening === 'closes') this.state = 'plain';
    const closing =
      this.state === 'plain' || next?.opening === 'closes'
        ? ['\n</details>', '</details>']
        : ['\n</details>'];
    for (const tag of closing) {
      if (this.#has(tag)) return this.#enter('outside', tag.length) && this.#skip('\n');
    }
    if (this.#hasTool()) return this.#enterTool();
    if (closing.some((tag) => this.#mayHave(tag)) || this.#mayHaveTool()) return false;
    const endsLine = this.#has('\n');
    return this.#say(1) && (!endsLine || this.#enter('line-start', 0));
  }

  #say(count: number): true {
    for (const { unit, voice } of this.#units.slice(this.#at, this.#at + count)) {
      const isAnswer = this.state === 'outside' && voice !== 'reasoning';
      if (voice !== 'hidden') this[isAnswer ? 'answer' : 'reasoning'] += unit;
    }
    this.#at += count;
    return true;
  }

  #enter(state: State, skipped: number): true {
    this.state = state;
    this.#at += skipped;
    return true;
  }

  #enterTool(): true {
    this.#behindTool = this.state;
    this.toolVoice = this.#units[this.#at]?.voice ?? 'neutral';
    const head = /^<glm_block[^<>]*>\s*/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    return this.#enter('tool', head.length);
  }

  #endTool(how: BlockClose['is']): boolean {
    const close = closeOfToolBlock(this.#text.slice(this.#at));
    if (close.is === 'open' || close.is !== how) return false;
    return this.#enter(this.#behindTool, close.behind);
  }

  /** A tag that an object follows, with at most 512 units before it. */
  #hasTool(): boolean {
    const head = /^<glm_block[^<>]*>\s*(?=\{)/.exec(this.#text.slice(this.#at))?.[0];
    return head !== undefined && head.length <= 512;
  }

  #mayHaveTool(): boolean {
    const rest = this.#text.slice(this.#at);
    const isBegun = /^<glm_block[^<>]*(>\s*)?$/.test(rest) && rest.length <= 512;
    return isBegun || this.#mayHave('<glm_block');
  }

  #skip(literal: string): true {
    if (this.#has(literal)) this.#at += literal.length;
    return true;
  }

  #skipTo(tag: string, state: State): boolean {
    const at = this.#text.indexOf(tag, this.#at);
    return at !== -1 && this.#enter(state, at - this.#at + tag.length);
  }

  #has(literal: string): boolean {
    return this.#text.startsWith(literal, this.#at);
  }

  #mayHave(literal: string): boolean {
    return literal.startsWith(this.#text.slice(this.#at)) && !this.#has(literal);
  }
}

/** In doubt, all that was read may be part of a string. */
function undecidedInBlock(json: string): string {
  return closeOfToolBlock(json).is === 'doubtful' ? '' : tailThatMayBe('</glm_block>', json);
}

function tailThatMayBe(tag: string, text: string): string {
  const tails = Array.from(tag, (_, i) => tag.slice(0, i)).reverse();
  return tails.find((tail) => text.endsWith(tail)) ?? '';
}
