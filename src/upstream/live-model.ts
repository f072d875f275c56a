/** A model as an upstream lists it. */
export interface LiveModel {
  /** The upstream's id. */
  id: string;
  /** Its name for people; the id when there is none. */
  name: string;
  /** Whether the upstream offers it; true when it does not say. */
  active: boolean;
}
