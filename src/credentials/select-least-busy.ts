/**
 * The candidate with the lowest load; among equals the one with the lowest `turnOf`, and the first of
 * those. null when there are no candidates. Pure.
 */
export function selectLeastBusy<T>(
  candidates: readonly T[],
  loadOf: (candidate: T) => number,
  turnOf: (candidate: T) => number = () => 0,
): T | null {
  let least: T | null = null;
  let leastLoad = 0;
  for (const candidate of candidates) {
    const load = loadOf(candidate);
    const isBetter =
      least === null ||
      load < leastLoad ||
      (load === leastLoad && turnOf(candidate) < turnOf(least));
    if (isBetter) [least, leastLoad] = [candidate, load];
  }
  return least;
}
