import type { FrameData } from '../support/zai-web/scenario.ts';
import type { WireUnit } from './reply-case.ts';

/** The text that a frame adds to a reply, on either wire. */
export interface DeltaText {
  text: string;
  /** Texts of one channel that come in a row may come in one frame as well. */
  channel: unknown;
  /** Whether the frame says nothing else. */
  isAlone: boolean;
  /** The same frame with another text. */
  with(text: string): FrameData;
  /** A frame with a text of this channel and nothing else. */
  alone(text: string): FrameData;
}

/** null for a frame without text, or with more of it than may be cut. */
export function deltaTextOf(unit: WireUnit): DeltaText | null {
  if (typeof unit === 'string' || unit instanceof Uint8Array) return null;
  return 'choices' in unit ? apiText(unit) : webText(unit);
}

/** An edit in the same frame comes before the delta, so its first piece could not go ahead. */
function webText(frame: FrameData): DeltaText | null {
  const { phase, delta_content: text } = frame;
  if (typeof text !== 'string' || text === '' || frame.edit_content !== undefined) return null;
  const bare = phase === undefined ? {} : { phase };
  return {
    text,
    channel: phase,
    isAlone: Object.keys(frame).every((field) => field === 'phase' || field === 'delta_content'),
    with: (delta_content) => ({ ...frame, delta_content }),
    alone: (delta_content) => ({ ...bare, delta_content }),
  };
}

const API_FIELDS = ['content', 'reasoning_content', 'reasoning'];

interface Chunk extends FrameData {
  choices: { delta?: Record<string, unknown>; finish_reason?: unknown }[];
}

/** Of a chunk with one choice that has text in one field. */
function apiText(frame: FrameData): DeltaText | null {
  const chunk = frame as Chunk;
  const [choice, ...others] = chunk.choices;
  const delta = choice?.delta ?? {};
  const [field, ...more] = API_FIELDS.filter((name) => Boolean(delta[name]));
  const text = delta[field ?? ''];
  if (others.length + more.length > 0 || typeof text !== 'string' || field === undefined) {
    return null;
  }
  const rest = [delta.tool_calls, choice?.finish_reason, chunk.usage, chunk.web_search];
  return {
    text,
    channel: field,
    isAlone: rest.every((value) => !value),
    with: (words) => ({ ...chunk, choices: [{ ...choice, delta: { ...delta, [field]: words } }] }),
    alone: (words) => ({ choices: [{ index: 0, delta: { [field]: words } }] }),
  };
}
