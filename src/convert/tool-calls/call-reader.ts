/** What came of a place that looked like a call. */
export interface Reading {
  /** Whether there was a call. */
  isCall: boolean;
  /** What is text, and not to be looked at again. */
  text: string;
  /** What lies behind: to be read as if it came now. */
  rest: string;
}

/**
 * Reads on from a place where a call may begin, unit by unit, until it can be told what it is. Calls
 * go to the reader's sink while they are read. After its reading it is not used again.
 */
export interface CallReader {
  /** Takes the next unit; null = read on. */
  read(unit: string): Reading | null;
  /**
   * The reply is over.
   *
   * @param isCut whether it was cut off, so that what is open was not meant to end here.
   */
  end(isCut: boolean): Reading;
  /** Too much was held back: what is not certain to be a call is text. */
  giveUp(): Reading;
  /**
   * How many units are held back for a call that is not recognized yet. 0 from where the name of a
   * tool and the beginning of its arguments were read in a known form: what is held then, or after,
   * has no limit but what an upstream may send in one reply.
   */
  readonly heldUnits: number;
}

/** Reads a block that is opened by a tag. */
export interface TaggedCallReader extends CallReader {
  /**
   * Whether the calls of its reading came whole: nothing was missing or broken and had to be made up
   * for, but that the block may lack its end, behind arguments that have theirs.
   */
  readonly isWhole: boolean;
}
