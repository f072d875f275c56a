import { GatewayError } from '../errors.ts';

interface LoginLimits {
  /** Wrong keys within the window: from one address, and from all. */
  perAddress: number;
  inAll: number;
  windowMs: number;
}

const LIMITS: LoginLimits = { perAddress: 5, inAll: 50, windowMs: 60_000 };

/** 429: too many wrong keys were tried. The right one is not looked at either until the time is over. */
class LoginLimitError extends GatewayError {
  override readonly name = 'LoginLimitError';
  constructor(retryAfterSeconds: number) {
    super({
      message: `Too many wrong keys. Try again in ${retryAfterSeconds} s.`,
      status: 429,
      type: 'rate_limit_error',
      code: 'too_many_attempts',
      retryAfterSeconds,
    });
  }
}

/**
 * Bounds how fast keys can be guessed. Remembers the wrong ones of the last window, of which there
 * are at most `inAll`: nothing grows with the number of addresses.
 */
export class LoginAttempts {
  readonly #limits: LoginLimits;
  readonly #now: () => number;
  #failures: { address: string | null; atMs: number }[] = [];

  /** @param now ms of any clock. */
  constructor({ limits = LIMITS, now = () => performance.now() }: LoginAttemptsOptions = {}) {
    this.#limits = limits;
    this.#now = now;
  }

  /** To be called before a key is looked at. @throws LoginLimitError */
  admit(address: string | null): void {
    const { perAddress, inAll, windowMs } = this.#limits;
    const since = this.#now() - windowMs;
    this.#failures = this.#failures.filter(({ atMs }) => atMs > since);
    const own = this.#failures.filter((failure) => failure.address === address);
    // The last so many: when the first of them is forgotten, there is room for one more.
    const blocking = own.at(-perAddress) ?? this.#failures.at(-inAll);
    if (blocking === undefined) return;
    throw new LoginLimitError(Math.max(1, Math.ceil((blocking.atMs - since) / 1_000)));
  }

  /** The key was wrong. */
  failed(address: string | null): void {
    this.#failures.push({ address, atMs: this.#now() });
  }
}

interface LoginAttemptsOptions {
  limits?: LoginLimits;
  now?: () => number;
}
