import type { AttemptStory } from '../../src/stats/request-story.ts';

/** An attempt that completed within a second, but for what a test says. */
export function attemptStory(fields: Partial<AttemptStory> = {}): AttemptStory {
  return {
    number: 1,
    upstream: 'zai-web',
    credentialId: 'account-1',
    state: 'completed',
    leaseMs: 0,
    startedAtMs: 10,
    preparedAtMs: 12,
    firstByteAtMs: 90,
    endedAtMs: 1_000,
    failure: null,
    ...fields,
  };
}
