import { isRecord } from '../lib/is-record.ts';
import type { TokenUsage } from './part.ts';

/**
 * Usage in OpenAI's field names, as all upstreams word it. What is missing or no count is null; null
 * when nothing is left.
 */
export function decodeUsage(usage: unknown): TokenUsage | null {
  if (!isRecord(usage)) return null;
  const decoded: TokenUsage = {
    promptTokens: count(usage.prompt_tokens),
    completionTokens: count(usage.completion_tokens),
    totalTokens: count(usage.total_tokens),
    reasoningTokens: countIn(usage.completion_tokens_details, 'reasoning_tokens'),
    cachedTokens: countIn(usage.prompt_tokens_details, 'cached_tokens'),
  };
  return Object.values(decoded).every((tokens) => tokens === null) ? null : decoded;
}

function countIn(details: unknown, field: string): number | null {
  return isRecord(details) ? count(details[field]) : null;
}

function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}
