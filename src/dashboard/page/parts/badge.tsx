/** How good something is, for its colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'busy';

/** A word about a state. The colour only underlines it. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
