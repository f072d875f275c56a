import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Action, encodeScenario, wireOf } from './encode-scenario.ts';
import type { Gate } from './gate.ts';
import type { Pacer } from './pacer.ts';
import type { Scenario, StreamScenario, Wire } from './scenario.ts';

/** How the simulator itself ended an answer. */
export type Ending = 'ended' | 'broken';

/** A scenario with its bytes made. */
export interface PreparedScenario {
  scenario: Scenario;
  /** Empty unless the scenario streams. */
  actions: readonly Action[];
}

/** Makes a scenario's bytes, once for all the calls it will answer. */
export function prepareScenario(scenario: Scenario): PreparedScenario {
  return { scenario, actions: 'steps' in scenario ? encodeScenario(scenario) : [] };
}

/** What one playing needs from around it. */
export interface Stage {
  response: ServerResponse;
  pacer: Pacer;
  /** Aborted when the client closed the connection. */
  clientLeft: AbortSignal;
  /** Told the number of body bytes of each write. */
  onWrite?: (bytes: number) => void;
  /** Told how the answer ends, before the client can know; never when the client leaves first. */
  onEnd?: (ending: Ending) => void;
}

/**
 * Answers one call as the scenario says. A client that reads slowly is waited for, as a real service
 * would. Resolves when the answer has ended or the client has left; never rejects.
 */
export async function playScenario(prepared: PreparedScenario, stage: Stage): Promise<void> {
  const { scenario, actions } = prepared;
  if (scenario.hangBeforeHeaders) await waitAtGate(scenario.hangBeforeHeaders, stage.clientLeft);
  if (stage.clientLeft.aborted) return;
  if ('closeBeforeHeaders' in scenario) return breakOff(stage);
  if ('steps' in scenario) return playStream(scenario, actions, stage);
  stage.response.writeHead(scenario.answer.status, scenario.answer.headers);
  end(stage, scenario.answer.body);
}

async function playStream(
  scenario: StreamScenario,
  actions: readonly Action[],
  stage: Stage,
): Promise<void> {
  const wire = wireOf(scenario);
  const contentType = 'text/event-stream; charset=utf-8';
  stage.response.writeHead(200, { 'content-type': contentType, ...scenario.headers });
  stage.response.flushHeaders();
  for (const action of actions) {
    if (action.do === 'break') return breakOff(stage);
    await perform(action, wire, stage);
    if (stage.clientLeft.aborted) return;
  }
  end(stage, '');
}

function end(stage: Stage, lastText: string): void {
  stage.onEnd?.('ended');
  stage.response.end(lastText);
}

function breakOff(stage: Stage): void {
  stage.onEnd?.('broken');
  stage.response.destroy();
}

async function perform(
  action: Exclude<Action, { do: 'break' }>,
  wire: Wire,
  stage: Stage,
): Promise<void> {
  switch (action.do) {
    case 'write':
      return writePieces(action.pieces, wire.cutPauseMs, stage);
    case 'pause':
      return pause(action.ms, stage.clientLeft);
    case 'wait':
      return waitAtGate(action.gate, stage.clientLeft);
    case 'pace':
      return pace(action, stage);
    default:
      action satisfies never;
  }
}

async function writePieces(
  pieces: readonly Uint8Array[],
  pauseMs: number,
  stage: Stage,
): Promise<void> {
  for (const piece of pieces) {
    const taken = stage.response.write(piece);
    stage.onWrite?.(piece.length);
    if (!taken) await drained(stage);
    // Writes of one turn would leave as one piece.
    if (pauseMs > 0) await pause(pauseMs, stage.clientLeft);
    else await nextTurn();
    if (stage.clientLeft.aborted) return;
  }
}

function pace(
  { frames, intervalMs }: Extract<Action, { do: 'pace' }>,
  stage: Stage,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let index = 0;
  const step = () => {
    const frame = frames[index];
    if (frame === undefined || stage.clientLeft.aborted) return false;
    // A client that does not keep up is skipped until it does: nothing may pile up here.
    if (stage.response.writableNeedDrain) return true;
    const bytes = typeof frame === 'function' ? frame() : frame;
    stage.response.write(bytes);
    stage.onWrite?.(bytes.length);
    index += 1;
    if (index < frames.length) return true;
    resolve();
    return false;
  };
  stage.pacer.start(step, intervalMs);
  return unlessLeft(promise, stage.clientLeft);
}

function drained(stage: Stage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.response.once('drain', resolve);
  return unlessLeft(promise, stage.clientLeft);
}

function waitAtGate(gate: Gate, clientLeft: AbortSignal): Promise<void> {
  gate.arrive();
  return unlessLeft(gate.opened, clientLeft);
}

async function pause(ms: number, clientLeft: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await unlessLeft(promise, clientLeft);
  clearTimeout(timer);
}

/** Resolves with the promise, or when the client leaves. */
function unlessLeft(promise: Promise<void>, clientLeft: AbortSignal): Promise<void> {
  if (clientLeft.aborted) return Promise.resolve();
  const { promise: either, resolve } = Promise.withResolvers<void>();
  const settle = () => {
    clientLeft.removeEventListener('abort', settle);
    resolve();
  };
  clientLeft.addEventListener('abort', settle);
  void promise.then(settle);
  return either;
}
