import { createCodeContext } from '../tool-calls/code-context.ts';
import { reasoningTagEnd, TAG } from './reply-markup.ts';

/** A stretch of an edit's content. */
interface Stretch {
  text: string;
  /** Whether it is the opening tag of a reasoning block, and the service's. */
  isServiceTag: boolean;
}

/** An opening tag that fills a line, with a summary in the next. */
const HEAD = /^<details [^<>\n]{0,500}>(?=\n<summary)/gm;
const DONE_ATTRIBUTE = /\sdone=/;

/**
 * Takes the content of an edit apart, so that the opening tags of reasoning blocks that are the
 * service's stand by themselves. It writes whole messages anew, or their ends, with reasoning and the
 * model's words mixed. Its blocks begin a line, say whether they are done, and have a summary in their
 * second line:
 *
 *     <details type="reasoning" done="true" duration="3">
 *     <summary>Thought for 3 seconds</summary>
 *
 * What looks like this in a code block is the model's, and so is what stands inside of a block.
 */
export function splitAtServiceTags(content: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const context = createCodeContext();
  let split = 0;
  // Where the text begins that is neither a block nor known to the context.
  let from = 0;

  function add(end: number, isServiceTag: boolean): void {
    if (end > split) stretches.push({ text: content.slice(split, end), isServiceTag });
    split = end;
  }

  for (const { index, 0: tag } of content.matchAll(HEAD)) {
    const end = reasoningTagEnd(content, index);
    if (index < from || typeof end !== 'number' || !DONE_ATTRIBUTE.test(tag)) continue;
    context.read(content.slice(from, index));
    from = index;
    if (context.placeOf('<') !== 'line-start') continue;
    add(index, false);
    add(end, true);
    const close = content.indexOf(`\n${TAG.blockClose}`, end);
    if (close === -1) break;
    from = close + 1;
  }
  add(content.length, false);
  return stretches;
}
