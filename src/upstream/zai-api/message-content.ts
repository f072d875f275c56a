import { type ChatMessage, textOfPart } from '../../openai/chat-message.ts';
import {
  type PromptContent,
  type PromptContentPart,
  putBehind as putParagraphBehind,
} from '../prompt/prompt-content.ts';

/**
 * What stands where a message says nothing, as the result of a tool without output: Z.ai refuses
 * content that is empty.
 */
const NOTHING = ' ';

/** The text of a message, a line for each part; '' when it says nothing. */
export function readText({ content, refusal }: ChatMessage): string {
  if (typeof content === 'string') return content;
  const texts = (content ?? []).map(textOfPart);
  const text = texts.filter((part) => part !== '').join('\n');
  return text === '' ? (refusal ?? '') : text;
}

/** A text as content. */
export function toContent(text: string): PromptContent {
  return text === '' ? NOTHING : text;
}

/** Parts only where there are images: models that take none take no parts either. */
export function readContent(message: ChatMessage): PromptContent {
  const { content } = message;
  if (!Array.isArray(content) || !content.some(({ type }) => type === 'image_url')) {
    return toContent(readText(message));
  }
  return content.flatMap((part): PromptContentPart[] => {
    const { type, image_url: image } = part;
    if (type === 'image_url' && image) {
      return [{ type, image_url: { url: typeof image === 'string' ? image : image.url } }];
    }
    const text = textOfPart(part);
    return text === '' ? [] : [{ type: 'text', text }];
  });
}

/** `text` as a paragraph behind what the content says. */
export function putBehind(content: PromptContent, text: string): PromptContent {
  return putParagraphBehind(content === NOTHING ? '' : content, text);
}
