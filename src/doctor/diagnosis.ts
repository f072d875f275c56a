/**
 * How something was found.
 *
 * - `ok`: as it should be.
 * - `warning`: it serves, and an operator may want to know.
 * - `failed`: it does not serve.
 * - `unknown`: it was not looked at, or could not be told.
 * - `stated`: what is there; neither good nor bad.
 */
export type FindingState = 'ok' | 'warning' | 'failed' | 'unknown' | 'stated';

/** One thing that was looked at. No secret in it. */
export interface Finding {
  state: FindingState;
  subject: string;
  detail: string;
}

/** What was looked at together. */
export interface Section {
  title: string;
  findings: readonly Finding[];
}

/** Everything that was found. */
export interface Diagnosis {
  sections: readonly Section[];
  /** Whether a gateway with these settings could serve a request now. */
  servable: boolean;
}

/** A section, and whether a request could be served as far as it goes. */
export interface Examination {
  section: Section;
  servable: boolean;
}

/** Makes a finding. */
export function finding(state: FindingState, subject: string, detail: string): Finding {
  return { state, subject, detail };
}
