import { connect, type Socket } from 'node:net';

/** A port of this machine on which connections are neither taken nor refused. */
export interface DeafPort extends Disposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

/** More than any system lets wait. */
const MAX_BACKLOG = 5_000;
/** On this machine a connection is taken within a fraction of it, or not at all. */
const DEAF_AFTER_MS = 100;

/** Listens on a thread that then sleeps, and connects until no more connections may wait for it. */
export async function openDeafPort(): Promise<DeafPort> {
  const worker = new Worker(new URL('./fixtures/deaf-listener.ts', import.meta.url).href);
  const sockets: Socket[] = [];
  const port = await new Promise<number>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data.port);
  });
  while (await isTaken(port, sockets)) {
    if (sockets.length > MAX_BACKLOG) throw new Error('the port takes every connection');
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      worker.terminate();
    },
  };
}

function isTaken(port: number, sockets: Socket[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  const timer = setTimeout(() => resolve(false), DEAF_AFTER_MS);
  socket.once('connect', () => {
    clearTimeout(timer);
    resolve(true);
  });
  // A thread that ends resets those it never took.
  socket.on('error', () => {});
  return promise;
}
