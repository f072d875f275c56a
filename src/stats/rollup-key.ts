import { modelLabel, type RequestOutcome } from './request-record.ts';
import type { CountedRequest } from './request-sums.ts';

/** The stretches of time that requests are counted in, in UTC; in ms. */
export const RESOLUTION_MS = {
  minute: 60_000,
  '5min': 300_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;

export type Resolution = keyof typeof RESOLUTION_MS;

/** From fine to coarse; each is a whole number of the one before. */
export const RESOLUTIONS = [
  'minute',
  '5min',
  'hour',
  'day',
] as const satisfies readonly Resolution[];

/**
 * What requests are told apart by when they are counted: `kind` by model, upstream and outcome,
 * `error` by the error's code and outcome, `key` by client key and outcome. All of them at once would
 * be as many rows as there are requests.
 */
export type Facet = 'kind' | 'error' | 'key';

export const FACETS: readonly Facet[] = ['kind', 'error', 'key'];

/** Whose numbers a row of the rollups has; '' = has none, or is not told apart. */
export interface RollupKey {
  model: string;
  upstream: string;
  outcome: RequestOutcome;
  errorCode: string;
  clientKeyId: string;
}

/** Where a request is counted. */
export function rollupKeyOf(facet: Facet, request: CountedRequest): RollupKey {
  const { outcome } = request;
  const nothing = { model: '', upstream: '', outcome, errorCode: '', clientKeyId: '' };
  switch (facet) {
    case 'kind':
      return { ...nothing, model: modelLabel(request), upstream: request.upstream ?? '' };
    case 'error':
      return { ...nothing, errorCode: request.errorCode ?? '' };
    case 'key':
      return { ...nothing, clientKeyId: request.clientKeyId ?? '' };
    default:
      return facet satisfies never;
  }
}
