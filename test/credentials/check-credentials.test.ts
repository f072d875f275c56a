import { expect, jest, test } from 'bun:test';
import { checkCredentials } from '../../src/credentials/check-credentials.ts';
import type { CredentialVerdict } from '../../src/credentials/validate-credential.ts';
import { account, BAD, GOOD, UNKNOWN } from './verdicts.ts';

const NEVER = new AbortController().signal;
const accounts = (count: number) => Array.from({ length: count }, (_, i) => account(`user-${i}`));

/** Checks by verdicts in the order in which it is asked; the last one goes on for ever. */
function answering(...verdicts: CredentialVerdict[]) {
  const asked: string[] = [];
  const check = async ({ userId }: { userId: string }) => {
    const verdict = verdicts[Math.min(asked.length, verdicts.length - 1)] ?? GOOD;
    asked.push(userId);
    return verdict;
  };
  return { check, asked };
}

test('all are asked about, and each verdict is told as it comes', async () => {
  const { check, asked } = answering(GOOD, BAD, UNKNOWN);
  const heard: [string, string][] = [];
  const verdicts = await checkCredentials(check, accounts(3), NEVER, ({ userId }, { verdict }) =>
    heard.push([userId, verdict]),
  );
  expect({ verdicts, asked, heard }).toEqual({
    verdicts: [GOOD, BAD, UNKNOWN],
    asked: ['user-0', 'user-1', 'user-2'],
    heard: [
      ['user-0', 'account'],
      ['user-1', 'refused'],
      ['user-2', 'unknown'],
    ],
  });
});

test('a service that can’t be asked four times in a row is not asked again', async () => {
  const { check, asked } = answering(GOOD, UNKNOWN);
  const verdicts = await checkCredentials(check, accounts(100), NEVER);
  expect(asked.length).toBeWithin(5, 10);
  expect(verdicts).toEqual([GOOD, ...Array(99).fill(UNKNOWN)]);
});

test('one that can be asked now and then is asked about all', async () => {
  const { check, asked } = answering(UNKNOWN, UNKNOWN, UNKNOWN, GOOD, UNKNOWN, UNKNOWN, BAD, GOOD);
  await checkCredentials(check, accounts(20), NEVER);
  expect(asked).toHaveLength(20);
});

test('who does not want to know any more breaks it off', async () => {
  const leaving = new AbortController();
  let asked = 0;
  const check = (_: unknown, signal: AbortSignal) => {
    asked += 1;
    const { promise, reject } = Promise.withResolvers<CredentialVerdict>();
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  };
  const checking = checkCredentials(check, accounts(9), leaving.signal);
  leaving.abort(new Error('gone'));
  expect(checking).rejects.toThrow('gone');
  await checking.catch(() => undefined);
  expect(asked).toBe(4);
});

test('a service that answers nobody is given up after 10 s', async () => {
  jest.useFakeTimers();
  try {
    const silent = (_: unknown, signal: AbortSignal) => {
      const { promise, reject } = Promise.withResolvers<CredentialVerdict>();
      signal.addEventListener('abort', () => reject(signal.reason));
      return promise;
    };
    const checking = checkCredentials(silent, accounts(50), NEVER);
    // The first four, and those that were begun before the fourth was given up.
    for (let round = 0; round < 2; round += 1) {
      jest.advanceTimersByTime(5_000);
      for (let i = 0; i < 100; i += 1) await Promise.resolve();
    }
    const verdicts = await checking;
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
    expect(verdicts[49]).toMatchObject({
      verdict: 'unknown',
      failure: { kind: 'first-byte-timeout' },
    });
  } finally {
    jest.useRealTimers();
  }
});
