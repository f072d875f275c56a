import { expect, test } from 'bun:test';
import { GatewayError } from '../../src/errors.ts';
import { LoginAttempts } from '../../src/http/login-attempts.ts';

const limits = { perAddress: 2, inAll: 3, windowMs: 60_000 };

/** null when the address may try; else how long it is to wait. */
function waitOf(attempts: LoginAttempts, address: string | null): number | null {
  try {
    attempts.admit(address);
    return null;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect([error.status, error.code]).toEqual([429, 'too_many_attempts']);
    return error.retryAfterSeconds;
  }
}

test('an address that tried too many wrong keys has to wait until the first of them is forgotten', () => {
  let now = 0;
  const attempts = new LoginAttempts({ limits, now: () => now });
  attempts.failed('192.0.2.1');
  now = 10_000;
  attempts.failed('192.0.2.1');
  expect([waitOf(attempts, '192.0.2.1'), waitOf(attempts, '192.0.2.2')]).toEqual([50, null]);
  now = 60_000;
  expect(waitOf(attempts, '192.0.2.1')).toBeNull();
});

test('all addresses together have a limit too', () => {
  let now = 0;
  const attempts = new LoginAttempts({ limits, now: () => now });
  for (const address of ['192.0.2.1', '192.0.2.2', null]) attempts.failed(address);
  expect(waitOf(attempts, '192.0.2.4')).toBe(60);
  now = 60_000;
  expect(waitOf(attempts, '192.0.2.4')).toBeNull();
});

test('whoever tries no wrong key never waits', () => {
  const attempts = new LoginAttempts({ limits, now: () => 0 });
  expect(Array.from({ length: 100 }, () => waitOf(attempts, null))).toEqual(Array(100).fill(null));
});
