import type { Channel } from '../message/voice.ts';
import type { Part } from '../part.ts';

/** What a reply consists of, in order: so much text of a channel, the start of a call, or a part. */
export type ReplyStep =
  | { type: 'text'; channel: Channel; units: number }
  | { type: 'call'; index: number }
  | { type: 'part'; part: Part };

/** The order in which a reply's texts and calls follow on each other. Holds no text of either. */
export interface ReplyOrder {
  addText(channel: Channel, units: number): void;
  addCall(index: number): void;
  addPart(part: Part): void;
  /** Takes text from the end until this much is left, which has been the state of things before. */
  truncate(units: Readonly<Record<Channel, number>>): void;
  readonly steps: readonly ReplyStep[];
}

/** Makes the order of a reply nothing has come of yet. */
export function createReplyOrder(): ReplyOrder {
  const steps: ReplyStep[] = [];
  const total: Record<Channel, number> = { reasoning: 0, answer: 0 };

  return {
    addText(channel, units) {
      total[channel] += units;
      const last = steps.at(-1);
      if (last?.type === 'text' && last.channel === channel) last.units += units;
      else steps.push({ type: 'text', channel, units });
    },
    addCall(index) {
      steps.push({ type: 'call', index });
    },
    addPart(part) {
      steps.push({ type: 'part', part });
    },
    truncate(units) {
      for (let last = steps.at(-1); last?.type === 'text'; last = steps.at(-1)) {
        const excess = Math.min(last.units, total[last.channel] - units[last.channel]);
        if (excess <= 0) return;
        total[last.channel] -= excess;
        last.units -= excess;
        if (last.units > 0) return;
        steps.pop();
      }
    },
    steps,
  };
}

/** Whether the texts of two replies take turns in the same way, whatever else lies between. */
export function isSameTextOrder(a: ReplyOrder, b: ReplyOrder): boolean {
  const [turnsOfA, turnsOfB] = [textTurns(a), textTurns(b)];
  return (
    turnsOfA.length === turnsOfB.length &&
    turnsOfA.every(([channel, units], i) => {
      const turn = turnsOfB[i];
      return turn?.[0] === channel && turn[1] === units;
    })
  );
}

/** Whether the texts and the calls of two replies follow on each other in the same way. */
export function isSameOrder(a: ReplyOrder, b: ReplyOrder): boolean {
  const isSame = (step: ReplyStep, i: number) => isSameStep(step, b.steps[i]);
  return a.steps.length === b.steps.length && a.steps.every(isSame);
}

function isSameStep(a: ReplyStep, b: ReplyStep | undefined): boolean {
  if (a.type === 'call') return b?.type === 'call' && b.index === a.index;
  if (a.type === 'part') return b?.type === 'part' && b.part === a.part;
  return b?.type === 'text' && b.channel === a.channel && b.units === a.units;
}

function textTurns({ steps }: ReplyOrder): [Channel, number][] {
  const turns: [Channel, number][] = [];
  for (const step of steps) {
    if (step.type !== 'text') continue;
    const last = turns.at(-1);
    if (last?.[0] === step.channel) last[1] += step.units;
    else turns.push([step.channel, step.units]);
  }
  return turns;
}
