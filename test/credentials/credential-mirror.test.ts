import { expect, test } from 'bun:test';
import { NO_COUNTS } from '../../src/credentials/credential-counts.ts';
import type { CredentialMemory } from '../../src/credentials/credential-memory.ts';
import { CredentialMirror } from '../../src/credentials/credential-mirror.ts';
import type { CredentialChange } from '../../src/credentials/credential-store.ts';
import { HEALTHY, type Health } from '../../src/credentials/health.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { account } from './verdicts.ts';

const ALICE = account('alice');
const dead = (reason: string): Health => ({ state: 'out', reason });
const written = (health: Health, disabled = false) => ({
  counts: NO_COUNTS,
  health: new Map([['', health]]),
  disabled,
});

/** A mirror of a pool that has one account, of which the database holds nothing yet. */
function mirrorAlice() {
  const told: unknown[] = [];
  const saved: CredentialChange[] = [];
  const memory: CredentialMemory = {
    disabled: false,
    health: HEALTHY,
    modelHealth: new Map(),
    counts: NO_COUNTS,
  };
  const mirror = new CredentialMirror({
    store: { save: (changes) => void saved.push(...changes) },
    pool: {
      memoryOf: () => memory,
      setHealth: (id, health, model) => void told.push([id, health, model]),
      setDisabled: (id, disabled) => void told.push([id, disabled]),
    },
    log: { info: () => undefined, warn: () => undefined },
    now: () => 5,
    schedule: createManualSchedule().schedule,
  });
  mirror.begin(ALICE.id, null);
  return { mirror, memory, told, saved };
}

test('the pool is told what another process has found out, once', () => {
  const { mirror, told } = mirrorAlice();
  mirror.takeOver(ALICE.id, written(dead('theirs'), true));
  mirror.takeOver(ALICE.id, written(dead('theirs'), true));
  expect(told).toEqual([
    [ALICE.id, true],
    [ALICE.id, dead('theirs'), null],
  ]);
});

test('a change of its own that is not saved yet is newer than what is stored, and is what is saved', () => {
  const { mirror, memory, told, saved } = mirrorAlice();
  memory.health = dead('ours');
  mirror.note(ALICE);
  mirror.takeOver(ALICE.id, written(dead('theirs')));
  mirror.save();
  expect([told, saved.map(({ health }) => health)]).toEqual([
    [],
    [[{ model: '', health: dead('ours'), updatedAtMs: 5 }]],
  ]);
});

test('what was done by hand is followed even amid changes of its own', () => {
  const { mirror, told } = mirrorAlice();
  mirror.note(ALICE);
  mirror.takeOver(ALICE.id, written(dead('theirs'), true));
  mirror.takeOver(ALICE.id, written(dead('theirs'), true));
  expect(told).toEqual([[ALICE.id, true]]);
});
