/** Whom a caller can do with: the service refuses guests what only accounts may (uploads). */
export type CredentialNeed = 'any' | 'account';

/** Which credential a request can use. */
export interface LeaseWish {
  /** The upstream's own id of the model: health is kept by model as well. */
  model: string;
  /** Ids of the credentials that this request has tried. */
  tried: ReadonlySet<string>;
  /** Whether one of those will do when there is no other. */
  allowTried: boolean;
  need: CredentialNeed;
  /** Which conversation it is for: a guest serves one only. */
  conversation: string;
  /** Whether another upstream can serve the request: then it does not wait for this one's. */
  hasElsewhere?: boolean;
}
