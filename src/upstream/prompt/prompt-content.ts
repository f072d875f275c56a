/**
 * A part of a message with images. An image is named as the wire wants it: by a `data:`, `http:` or
 * `https:` URL, or by the id of its upload.
 */
export type PromptContentPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } };

/** What a message says. */
export type PromptContent = string | readonly PromptContentPart[];

/** The text of it: parts are joined with a space, as the web front end does for the text it signs. */
export function textOf(content: PromptContent): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ');
}

/** `text` as a paragraph before what the content says. */
export function putBefore(content: PromptContent, text: string): PromptContent {
  if (typeof content === 'string') return joinParagraphs(text, content);
  return [{ type: 'text', text }, ...content];
}

/** `text` as a paragraph behind what the content says. */
export function putBehind(content: PromptContent, text: string): PromptContent {
  if (typeof content === 'string') return joinParagraphs(content, text);
  return [...content, { type: 'text', text }];
}

function joinParagraphs(one: string, other: string): string {
  return [one, other].filter((text) => text !== '').join('\n\n');
}
