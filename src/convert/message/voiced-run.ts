import type { Voice } from './voice.ts';

/** How a stretch of the message came. */
export interface Manner {
  readonly voice: Voice;
  /** Whether it is the opening tag of a reasoning block that the service wrote in an edit. */
  readonly isServiceTag: boolean;
}

/** A stretch of text that came in one manner. */
export interface VoicedRun extends Manner {
  readonly text: string;
}

/** The text of all runs. */
export function joinRuns(runs: readonly VoicedRun[]): string {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return only.text;
  return runs.map((run) => run.text).join('');
}

/** What lies in `[from … to)` of the joined text, as runs; none of them is empty. */
export function sliceRuns(
  runs: readonly VoicedRun[],
  from: number,
  to: number,
): readonly VoicedRun[] {
  // A delta without markup, which nearly all are: nothing to cut, nothing to allocate.
  if (runs.length === 1 && from === 0 && to === runs[0]?.text.length) return runs;
  const slices: VoicedRun[] = [];
  let start = 0;
  for (const { text, ...manner } of runs) {
    const slice = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    if (slice !== '') slices.push({ text: slice, ...manner });
    start += text.length;
  }
  return slices;
}

/** Both, one behind the other. */
export function concatRuns(
  runs: readonly VoicedRun[],
  more: readonly VoicedRun[],
): readonly VoicedRun[] {
  const last = runs.at(-1);
  const [first, ...others] = more;
  if (last === undefined || first === undefined) return last === undefined ? more : runs;
  if (last.voice !== first.voice || last.isServiceTag || first.isServiceTag)
    return [...runs, ...more];
  // Texts that grow piece by piece stay one run.
  return [...runs.slice(0, -1), { ...last, text: last.text + first.text }, ...others];
}
