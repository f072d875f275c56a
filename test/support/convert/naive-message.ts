import type { Channel, Voice } from '../../../src/convert/message/voice.ts';
import { NaiveReader, type Opening, type Unit } from './naive-reader.ts';

/**
 * The edit rule, the plain way: the whole message is kept unit by unit, and both texts are read out
 * of it from the first unit on each time they are asked for. It is slow, and has none of the state
 * that the real one carries from piece to piece.
 */
export class NaiveMessage {
  #units: Unit[] = [];

  append(text: string, voice: Voice): void {
    this.#add(text, voice, []);
  }

  edit(index: number, text: string, voice: Voice): void {
    this.#units.splice(index);
    this.#add(text, voice, serviceTagsIn(text));
  }

  #add(text: string, voice: Voice, serviceTags: readonly number[]): void {
    const opening = this.#openingOf(text, voice);
    const opensAnywhere = voice === 'reasoning' || voice === 'neutral';
    for (const [i, unit] of text.split('').entries()) {
      const mayOpen = opensAnywhere || this.#units.length === 0 || serviceTags.includes(i);
      this.#units.push({ unit, voice, opening: i === 0 ? opening : 'none', mayOpen });
    }
  }

  texts(): Record<Channel, string> {
    const texts = { reasoning: '', answer: '' };
    for (const section of this.#sections()) {
      const read = new NaiveReader(section).readAll();
      texts.reasoning += read.reasoning;
      texts.answer += read.answer;
    }
    return texts;
  }

  #openingOf(piece: string, voice: Voice): Opening {
    const { state, undecided, blockVoice, toolVoice } = new NaiveReader(
      this.#sections().at(-1) ?? [],
    ).readAll();
    if (voice !== 'answer' || state === 'outside') return 'none';
    const ahead = undecided + piece;
    if ((state === 'tool' ? toolVoice : blockVoice) === 'answer') return 'none';
    if (state === 'tool') return ahead.includes('</glm_block>') ? 'none' : 'ends';
    if (/^\s*<\/details>/.test(ahead)) return 'closes';
    if ('</details>'.startsWith(ahead.trimStart())) return 'closes';
    const [before, ...after] = ahead.split('\n</details>');
    return after.length > 0 && !before?.includes('<details') ? 'none' : 'ends';
  }

  /** Where an answer has ended a block, reading begins anew. */
  #sections(): Unit[][] {
    const sections: Unit[][] = [[]];
    for (const unit of this.#units) {
      if (unit.opening === 'ends') sections.push([]);
      sections.at(-1)?.push(unit);
    }
    return sections;
  }
}

/** Where the service opens its blocks in the content of an edit, by lines. */
function serviceTagsIn(content: string): number[] {
  const tags: number[] = [];
  const lines = content.split('\n');
  let place: 'text' | 'block' | RegExp = 'text';
  let at = 0;
  for (const [i, line] of lines.entries()) {
    const [, marks] = /^\s*(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
    if (place === 'block') place = line.startsWith('</details>') ? 'text' : place;
    else if (typeof place !== 'string') place = place.test(line) ? 'text' : place;
    else if (marks !== undefined) place = new RegExp(`^\\s*${marks}${marks[0]}*\\s*$`);
    else if (isServiceTag(line) && lines[i + 1]?.startsWith('<summary')) {
      tags.push(at);
      place = 'block';
    }
    at += line.length + 1;
  }
  return tags;
}

function isServiceTag(line: string): boolean {
  const isTag = /^<details [^<>]{0,500}>$/.test(line) && /\stype="reasoning"[\s>]/.test(line);
  return isTag && line.includes(' done=');
}
