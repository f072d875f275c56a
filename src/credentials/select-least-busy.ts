/**
 * The candidate with the lowest load; among equals, the first one at or after position `turn`
 * (counted round and round), so that a turn that grows by one each time goes round robin. null when
 * there are no candidates. Pure.
 */
export function selectLeastBusy<T>(
  candidates: readonly T[],
  loadOf: (candidate: T) => number,
  turn: number,
): T | null {
  let least: T | null = null;
  let leastLoad = Number.POSITIVE_INFINITY;
  for (let step = 0; step < candidates.length; step += 1) {
    const candidate = candidates[(turn + step) % candidates.length] as T;
    const load = loadOf(candidate);
    if (load < leastLoad) [least, leastLoad] = [candidate, load];
  }
  return least;
}
