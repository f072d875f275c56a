/** The two texts that a client gets out of one message. */
export type Channel = 'reasoning' | 'answer';

/**
 * Whose words a piece of the message is, as far as its frame says. Markup inside the message has the
 * last word: what stands in a reasoning block is reasoning, whoever brought it.
 *
 * | voice | outside a block | in an open block | a block's opening tag |
 * | --- | --- | --- | --- |
 * | `reasoning` | reasoning | goes on with it | opens it |
 * | `answer` | answer | ends it, unless its closing tag is ahead | is text, see below |
 * | `trailing` | answer | goes on with it | is text, see below |
 * | `neutral` | answer | goes on with it | opens it |
 * | `hidden` | nothing for the client | nothing for the client | is text, see below |
 *
 * A model may write the tag in its answer, when it is asked about this very markup or shows HTML, and
 * all behind it would become reasoning. So where frames say that they do not bring reasoning, the tag
 * opens a block in two places only: at the very start of the message, and where an edit writes the head
 * of a block as only the service does (`splitAtServiceTags`). What is lost is little: a block that the
 * service would append in its answer, amid the message, or would write anew in another form, is text;
 * and a model's own words that are exactly such a head, outside of code, are a block if an edit brings
 * them. Without any phase nothing tells the two apart, so there the tag opens a block anywhere.
 */
export type Voice = Channel | 'trailing' | 'neutral' | 'hidden';

/** Whether a reasoning block's opening tag opens it wherever it stands. */
export function opensBlocks(voice: Voice): boolean {
  return voice === 'reasoning' || voice === 'neutral';
}

/** Where words go; null = nowhere. */
export function channelOf(voice: Voice, isInBlock: boolean): Channel | null {
  if (voice === 'hidden') return null;
  return isInBlock || voice === 'reasoning' ? 'reasoning' : 'answer';
}

/** Marks that a frame of phase `other` is the rest of a tool's JSON and not a trailing edit. */
const TOOL_REST = 'null,';

/**
 * The voice of what a frame brings. `thinking`, `answer` and no phase are words; `other` and `done`
 * may bring trailing edits of the reply, which the text would be wrong without. Anything else
 * (`tool_call`, phases not known yet) is scaffolding: it counts for the message's indexes, but no
 * client sees it.
 *
 * @param previousPhase the phase of the frame before: what follows a tool call closes its JSON.
 */
export function voiceOf(phase: string | null, text: string, previousPhase: string | null): Voice {
  switch (phase) {
    case 'thinking':
      return 'reasoning';
    case 'answer':
      return 'answer';
    case 'other':
      return previousPhase === 'tool_call' && text.startsWith(TOOL_REST) ? 'hidden' : 'trailing';
    case 'done':
      return 'trailing';
    case null:
      return 'neutral';
    default:
      return 'hidden';
  }
}
