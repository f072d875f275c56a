import type { Gate } from './gate.ts';
import type { FrameData, Step, StreamScenario, Wire } from './scenario.ts';

/** A step in bytes. The pieces of a `write` are flushed apart. */
export type Action =
  | { do: 'write'; pieces: Uint8Array[] }
  | { do: 'pause'; ms: number }
  | { do: 'wait'; gate: Gate }
  | { do: 'pace'; frames: (Uint8Array | (() => Uint8Array))[]; intervalMs: number }
  | { do: 'break' };

const DEFAULT_WIRE: Wire = {
  event: 'chat',
  lineEnding: 'lf',
  bom: false,
  comments: false,
  multilineData: false,
  cut: 'step',
  cutPauseMs: 0,
};

const LINE_ENDINGS = { lf: '\n', cr: '\r', crlf: '\r\n' } as const;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
const encoder = new TextEncoder();

/** The scenario's wire with the defaults filled in. */
export function wireOf(scenario: StreamScenario): Wire {
  return { ...DEFAULT_WIRE, ...scenario.wire };
}

/** Turns steps into bytes once, so that a thousand streams of one scenario share them. Pure. */
export function encodeScenario(scenario: StreamScenario): Action[] {
  const wire = wireOf(scenario);
  const actions: Action[] = [];
  let run: Uint8Array[] = wire.bom ? [BYTE_ORDER_MARK] : [];
  const endRun = () => {
    if (run.length > 0) actions.push({ do: 'write', pieces: cutBytes(run, wire.cut) });
    run = [];
  };
  for (const step of scenario.steps) {
    const bytes = bytesOf(step, wire);
    if (bytes !== null) {
      run.push(bytes);
    } else {
      endRun();
      actions.push(toWait(step, wire));
    }
  }
  endRun();
  return actions;
}

/** The bytes a step writes at once; null for a step that waits. */
function bytesOf(step: Step, wire: Wire): Uint8Array | null {
  if ('frame' in step) return encodeFrame(step.frame, wire);
  if ('raw' in step) return typeof step.raw === 'string' ? encoder.encode(step.raw) : step.raw;
  return null;
}

function toWait(step: Step, wire: Wire): Action {
  if ('pauseMs' in step) return { do: 'pause', ms: step.pauseMs };
  if ('waitFor' in step) return { do: 'wait', gate: step.waitFor };
  if ('paced' in step) {
    const frames = step.paced.map((data) =>
      typeof data === 'function' ? () => encodeFrame(data(), wire) : encodeFrame(data, wire),
    );
    return { do: 'pace', frames, intervalMs: step.intervalMs };
  }
  return { do: 'break' };
}

function encodeFrame(data: FrameData, wire: Wire): Uint8Array {
  const event = wire.event === 'chat' ? { type: 'chat:completion', data } : data;
  const json = wire.multilineData ? JSON.stringify(event, null, 1) : JSON.stringify(event);
  const lines = json.split('\n').map((line) => `data: ${line}`);
  if (wire.comments) lines.unshift(': still here', '');
  return encoder.encode([...lines, '', ''].join(LINE_ENDINGS[wire.lineEnding]));
}

function cutBytes(run: Uint8Array[], cut: Wire['cut']): Uint8Array[] {
  if (cut === 'step') return run;
  const bytes: Uint8Array = Buffer.concat(run);
  if (cut === 'none') return [bytes];
  if (typeof cut === 'function') return cut(bytes);
  const size = cut === 'byte' ? 1 : cut;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
