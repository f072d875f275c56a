/** So many bins for each doubling of the time: a bin's middle is within 4.4 % of all that is in it. */
const BINS_PER_OCTAVE = 8;

/** A bin's index fits into a byte. The last one begins at 41 days, and has all that is longer. */
const BINS = 256;

const MORE = 0x80;
const SEVEN_BITS = 0x7f;

/**
 * Counts times in bins that widen with the time, so that percentiles of any number of times, in any
 * number of histograms, are known to within 5 %, and times below a millisecond to within one.
 *
 * Encoded, it is a list of pairs: the index of a bin that is not empty as one byte, and its count as
 * a varint with the low bits first (LEB128). A pair that occurs twice counts twice.
 */
export class TimeHistogram {
  readonly #counts = new Uint32Array(BINS);
  #total = 0;
  /** The bins that are not empty lie between these. */
  #lowest = BINS;
  #highest = -1;

  add(ms: number): void {
    this.#addTo(binOf(ms), 1);
  }

  merge(other: TimeHistogram): void {
    for (let bin = other.#lowest; bin <= other.#highest; bin += 1) {
      const count = other.#counts[bin] ?? 0;
      if (count > 0) this.#addTo(bin, count);
    }
  }

  mergeEncoded(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const bin = bytes[at++] ?? 0;
      let byte = bytes[at++] ?? 0;
      let count = byte & SEVEN_BITS;
      for (let factor = MORE; byte >= MORE; factor *= MORE) {
        byte = bytes[at++] ?? 0;
        count += (byte & SEVEN_BITS) * factor;
      }
      this.#addTo(bin, count);
    }
  }

  encode(): Uint8Array {
    const bytes: number[] = [];
    for (let bin = this.#lowest; bin <= this.#highest; bin += 1) {
      const count = this.#counts[bin] ?? 0;
      if (count > 0) pushPair(bytes, bin, count);
    }
    return Uint8Array.from(bytes);
  }

  /** The time that the given share of all times does not exceed (nearest rank); null when empty. */
  percentile(share: number): number | null {
    if (this.#total === 0) return null;
    const rank = Math.max(1, Math.ceil(this.#total * share));
    let bin = this.#lowest;
    for (let passed = this.#counts[bin] ?? 0; passed < rank && bin < this.#highest; ) {
      passed += this.#counts[++bin] ?? 0;
    }
    return middleOf(bin);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
    this.#lowest = BINS;
    this.#highest = -1;
  }

  #addTo(bin: number, count: number): void {
    this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
    this.#total += count;
    if (bin < this.#lowest) this.#lowest = bin;
    if (bin > this.#highest) this.#highest = bin;
  }
}

function binOf(ms: number): number {
  if (!(ms >= 1)) return 0;
  return Math.min(BINS - 1, 1 + Math.floor(Math.log2(ms) * BINS_PER_OCTAVE));
}

/** As far from the bin's begin as from its end, in relation to the time. */
function middleOf(bin: number): number {
  return bin === 0 ? 0.5 : 2 ** ((bin - 0.5) / BINS_PER_OCTAVE);
}

function pushPair(bytes: number[], bin: number, count: number): void {
  bytes.push(bin);
  let rest = count;
  for (; rest > SEVEN_BITS; rest = Math.floor(rest / MORE)) bytes.push((rest % MORE) | MORE);
  bytes.push(rest);
}
