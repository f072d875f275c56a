/** From `fromMs` on and before `toMs`; Unix ms. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}
