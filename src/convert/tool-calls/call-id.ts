const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_UNITS = 24;

/** A new id for a tool call, random, in OpenAI's form: `call_` and 24 letters and digits. */
export function createCallId(): string {
  const random = crypto.getRandomValues(new Uint8Array(ID_UNITS));
  // 62 letters do not go into 256 evenly; ids have to be unlike each other, not secret.
  return `call_${Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

/** The ids of one reply's calls. Clients answer calls by their ids: no two may share one. */
export interface CallIds {
  /** The id itself, or a new one when there is none or another call has it. */
  claim(id: string | null): string;
}

/** `createId`: injectable for tests. */
export function createCallIds(createId: () => string = createCallId): CallIds {
  const claimed = new Set<string>();
  return {
    claim(id) {
      const free = id === null || claimed.has(id) ? createId() : id;
      claimed.add(free);
      return free;
    },
  };
}
