import { createGate } from '../../test/support/zai-web/gate.ts';
import type { Scenario } from '../../test/support/zai-web/scenario.ts';
import { captcha, statusErrors } from '../../test/support/zai-web/scenarios/failures.ts';
import { delta } from '../../test/support/zai-web/scenarios/frames.ts';
import { pacedAnswer } from '../../test/support/zai-web/scenarios/paced-answer.ts';

/** In [0, 1). */
type Random = () => number;

/** What a client does with its reply. */
export type ClientHabit = 'reads' | 'wants it whole' | 'leaves';

/** Ways in which the upstream fails, and how often each comes, in percent; else it replies. */
const FAULTS: readonly (readonly [number, () => Scenario])[] = [
  [2, () => statusErrors[500]()],
  [1, () => statusErrors[429](1)],
  [1, () => captcha()],
  [1, () => ({ closeBeforeHeaders: true })],
  [1, () => ({ steps: [{ raw: 'data: {"type":"chat:comp' }, { break: true }] })],
  [1, () => ({ steps: [{ raw: 'garbage\n\ndata: {}\n\n'.repeat(100) }] })],
  [1, () => ({ steps: [delta('answer', 'some words '), { pauseMs: 200 }, { break: true }] })],
  [1, () => ({ steps: [delta('answer', 'some words '), { waitFor: createGate() }] })],
];

/** What the upstream does next: mostly, it streams a reply of 0.5 to 10 s. */
export function chooseScenario(random: Random): Scenario {
  let dice = random() * 100;
  for (const [percent, fault] of FAULTS) {
    if (dice < percent) return fault();
    dice -= percent;
  }
  return pacedAnswer(5 + Math.floor(random() * 95), 100);
}

/** What a client does next. */
export function chooseHabit(random: Random): ClientHabit {
  const dice = random();
  if (dice < 0.75) return 'reads';
  return dice < 0.9 ? 'wants it whole' : 'leaves';
}
