import type { RecordedRequest } from './gateway-state.ts';
import type { Outcome } from './soak-client.ts';

/** How two accounts of the same requests compare. */
export interface TallyReport {
  requests: number;
  clients: Record<Outcome, number>;
  gateway: Record<string, number>;
  /** Requests that only one side knows, or that it knows otherwise; a few of them. */
  differences: string[];
}

/** What the clients saw, request by request. */
export class SoakTally {
  readonly #outcomes = new Map<string, Outcome>();

  get size(): number {
    return this.#outcomes.size;
  }

  add(id: string, outcome: Outcome): void {
    this.#outcomes.set(id, outcome);
  }

  /**
   * Compares it with the gateway's records. A client that left may have left a reply that was over:
   * then, and only then, the two may differ.
   */
  compare(records: readonly RecordedRequest[]): TallyReport {
    const recorded = new Map(records.map(({ id, outcome }) => [id, outcome]));
    const differences: string[] = [];
    for (const [id, seen] of this.#outcomes) {
      const noted = recorded.get(id);
      if (noted === undefined) differences.push(`${id}: ${seen}, not recorded`);
      else if (noted !== seen && seen !== 'cancelled') {
        differences.push(`${id}: ${seen}, recorded as ${noted}`);
      }
    }
    if (records.length !== this.size) {
      differences.push(`${this.size} requests, ${records.length} records`);
    }
    return {
      requests: this.size,
      clients: countBy([...this.#outcomes.values()]) as Record<Outcome, number>,
      gateway: countBy(records.map(({ outcome }) => outcome)),
      differences: differences.slice(0, 20),
    };
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
