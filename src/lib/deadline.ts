/** A signal that aborts when another does, or when its time is over. Disposal ends both. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Whether it was the time. */
  readonly isOver: boolean;
  /** Ms until then, at least 0. */
  leftMs(): number;
}

/** Starts a deadline of `ms`. `reasonWhenOver` makes the reason that the signal aborts with then. */
export function startDeadline(
  ms: number,
  signal: AbortSignal,
  reasonWhenOver: () => unknown,
): Deadline {
  const controller = new AbortController();
  const endsAt = performance.now() + ms;
  let isOver = false;
  const onAbort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort(reasonWhenOver());
  }, ms);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    leftMs: () => Math.max(0, endsAt - performance.now()),
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
