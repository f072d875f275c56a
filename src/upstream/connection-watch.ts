import { connect } from 'node:net';
import { SharedCalls } from '../lib/shared-calls.ts';
import { wait } from '../lib/wait.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';

/** Where an upstream's connections go. */
export interface ConnectionPlace {
  url: string;
  /** null = straight. */
  proxyUrl: string | null;
}

/** Whether a place takes a connection within `timeoutMs`. Rejects only when `signal` aborts. */
export type Probe = (place: URL, timeoutMs: number, signal: AbortSignal) => Promise<boolean>;

const probesUnderWay = new SharedCalls<boolean>();

/**
 * Watches whether an upstream takes connections at all, for an attempt that waits for its headers:
 * `fetch` does not say whether it has a connection yet. When none of the headers have come by half
 * of `connectMs`, a connection of our own is tried for the other half; attempts that wait for the
 * same place share it. An upstream that takes it, or refuses it, is left to the other clocks and to
 * `fetch`.
 *
 * Resolves with the failure `connect-timeout`, or null when connections are taken. Rejects when
 * `signal` aborts, with its reason: the headers have come.
 */
export async function watchConnection(
  { url, proxyUrl }: ConnectionPlace,
  connectMs: number,
  signal: AbortSignal,
  probe: Probe = probeTcp,
): Promise<UpstreamFailure | null> {
  const half = connectMs / 2;
  await wait(half, signal);
  const place = new URL(proxyUrl ?? url);
  const start = (abandoned: AbortSignal) => probe(place, half, abandoned);
  if (await probesUnderWay.join(place.host, start, signal)) return null;
  const whose = proxyUrl === null ? place.host : `The proxy to ${new URL(url).host}`;
  const message = `${whose} took no connection within ${connectMs / 1000} s.`;
  return upstreamFailure('connect-timeout', message);
}

const DEFAULT_PORT: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function probeTcp({ hostname, port, protocol }: URL, timeoutMs: number, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (DEFAULT_PORT[protocol] ?? 80) });
  const timer = setTimeout(() => resolve(false), timeoutMs);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('connect', () => resolve(true));
  // Refused, or no such host: `fetch` meets the same, and says so at once.
  socket.once('error', () => resolve(true));
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  });
}
