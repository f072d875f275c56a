import type { Channel } from '../message/voice.ts';
import { type Part, type PartSink, type SearchResult, type Stage, textPart } from '../part.ts';
import { createReferencedText } from './referenced-text.ts';
import { sourceLink, sourceList } from './source-links.ts';

/**
 * Makes references to search results what a reader can use: links in the text, each with a `citation`
 * right behind the text that has it, and a list of all sources below. References to what was not
 * found vanish, but for those that may be other text; other text in 【】 is not touched. In
 * `reasoning-delta` there are links, but no citations.
 *
 * It belongs behind every stage that changes the text: citations are places in the text as the client
 * has it. A reply that ends with calls, or by the content filter, gets no list.
 */
export const searchReferenceStage: Stage = (next) => {
  const results = new Map<string, SearchResult>();
  let citations: Part[] = [];
  let hasText = false;
  const texts = createReferencedTexts(send, (channel, ref, startIndex) => {
    const result = results.get(ref);
    if (result === undefined) return null;
    const link = sourceLink(result);
    if (channel === 'answer') citations.push(citation(result, startIndex, link));
    return link;
  });

  function send(part: Part): void {
    hasText ||= part.type === 'text-delta';
    next(part);
    for (const cited of citations) next(cited);
    citations = [];
  }

  function sendSources(): void {
    if (!hasText || results.size === 0) return;
    next({ type: 'text-delta', text: sourceList([...results.values()]) });
  }

  return (part) => {
    if (texts.takes(part)) return;
    if (part.type === 'search-results') {
      for (const result of part.results) results.set(result.ref || result.url, result);
    } else if (part.type === 'reply-end' && isComplete(part.finishReason)) sendSources();
    next(part);
  };
};

/**
 * Takes all references out, for replies that programs read (`response_format`): there, links would be
 * wrong values.
 */
export const referenceRemovalStage: Stage = (next) => {
  const known = new Set<string>();
  const texts = createReferencedTexts(next, (_, ref) => (known.has(ref) ? '' : null));
  return (part) => {
    if (texts.takes(part)) return;
    if (part.type === 'search-results') for (const { ref } of part.results) known.add(ref);
    next(part);
  };
};

/**
 * Both texts of a reply. `takes` says whether a part was one of theirs, and passes on what it held
 * back before a reply ends; a reference does not go on behind a text of the other kind.
 */
function createReferencedTexts(
  send: PartSink,
  toLink: (channel: Channel, ref: string, startIndex: number) => string | null,
) {
  const texts = {
    reasoning: createReferencedText((ref, startIndex) => toLink('reasoning', ref, startIndex)),
    answer: createReferencedText((ref, startIndex) => toLink('answer', ref, startIndex)),
  };
  let current: Channel = 'answer';

  function sendText(text: string): void {
    if (text !== '') send(textPart(current, text));
  }

  function take(channel: Channel, text: string): true {
    if (channel !== current) sendText(texts[current].release());
    current = channel;
    sendText(texts[channel].feed(text));
    return true;
  }

  return {
    takes(part: Part): boolean {
      if (part.type === 'text-delta') return take('answer', part.text);
      if (part.type === 'reasoning-delta') return take('reasoning', part.text);
      const isEnd = part.type === 'reply-end' || part.type === 'reply-error';
      if (isEnd) sendText(texts[current].release());
      return false;
    },
  };
}

function citation({ url, title }: SearchResult, startIndex: number, link: string): Part {
  const endIndex = startIndex + link.length;
  return { type: 'citation', citation: { url, title, startIndex, endIndex } };
}

function isComplete(finishReason: string): boolean {
  return finishReason === 'stop' || finishReason === 'length';
}
