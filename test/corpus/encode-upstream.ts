import type { UpstreamId } from '../../src/upstream-id.ts';
import { frameLine } from '../fixtures/replies/wire.ts';
import type { FrameData } from '../support/zai-web/scenario.ts';
import { deltaTextOf } from './delta-text.ts';
import type { WireUnit } from './reply-case.ts';

const encoder = new TextEncoder();

const FRAME_LINES: Readonly<Record<UpstreamId, (frame: FrameData) => string>> = {
  'zai-web': frameLine,
  'zai-api': (chunk) => `data: ${JSON.stringify(chunk)}`,
};

/** The bytes of a reply, as the service sends them. */
export function encodeUpstream(
  units: readonly WireUnit[],
  wire: UpstreamId = 'zai-web',
): Uint8Array {
  return Buffer.concat(units.map((unit) => encodeUnit(unit, FRAME_LINES[wire])));
}

function encodeUnit(unit: WireUnit, frameLineOf: (frame: FrameData) => string): Uint8Array {
  if (unit instanceof Uint8Array) return unit;
  return encoder.encode(typeof unit === 'string' ? unit : `${frameLineOf(unit)}\n\n`);
}

/**
 * The same reply with each delta cut into pieces, a frame each. What else a frame holds stays with
 * its last piece, so that an end still comes behind the words.
 *
 * @param cut the pieces of a text; their concatenation is that text.
 */
export function recutDeltas(
  units: readonly WireUnit[],
  cut: (text: string) => readonly string[],
): WireUnit[] {
  return units.flatMap((unit): WireUnit[] => {
    const delta = deltaTextOf(unit);
    if (delta === null) return [unit];
    const pieces = cut(delta.text);
    return pieces.map((piece, i) =>
      i < pieces.length - 1 ? delta.alone(piece) : delta.with(piece),
    );
  });
}

/** The same reply with neighbouring deltas of a channel put together. */
export function joinDeltas(units: readonly WireUnit[]): WireUnit[] {
  const joined: WireUnit[] = [];
  for (const unit of units) {
    const last = deltaTextOf(joined.at(-1) ?? '');
    const delta = deltaTextOf(unit);
    if (delta !== null && last?.isAlone && last.channel === delta.channel) {
      joined[joined.length - 1] = delta.with(last.text + delta.text);
    } else joined.push(unit);
  }
  return joined;
}
