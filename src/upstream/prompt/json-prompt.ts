import type { JsonRules } from '../../convert/reply-rules.ts';

/** Asks for JSON in place of prose. `mayCall`: a reply may also be a call of a function. */
export function writeJsonPrompt({ schema }: JsonRules, mayCall: boolean): string {
  const condition = mayCall ? 'Unless you call a function, reply' : 'Reply';
  const order = `${condition} with one JSON object and nothing else: no words around it, no code fence.`;
  if (schema === null) return order;
  return `${order} It must be valid against this JSON schema:\n${JSON.stringify(schema)}`;
}
