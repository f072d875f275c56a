import { once } from 'node:events';
import { connect } from 'node:net';

/** A TCP connection that does only what it is told: for what HTTP clients are too polite to do. */
export interface RawClient extends Disposable {
  /** Resolves when the kernel has taken the bytes. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** Everything received so far, as Latin-1, so that one character is one byte. */
  received(): string;
  /** How much that is. */
  readonly receivedBytes: number;
  /** Resolves with everything received once it contains `text`; rejects when the connection ends first. */
  until(text: string): Promise<string>;
  /** Stops and starts reading, as a stalled client does. */
  pause(): void;
  resume(): void;
  /** Half-closes: nothing more comes from here, but what comes is still read. */
  halfClose(): void;
  /** Closes without a goodbye. */
  destroy(): void;
  /** Resolves when the connection has closed, whoever closed it. */
  readonly closed: Promise<void>;
}

/** Connects to a server on this machine. */
export async function connectRaw(port: number | undefined): Promise<RawClient> {
  const socket = connect({ port: port ?? 0, host: '127.0.0.1' });
  await once(socket, 'connect');
  const pieces: Buffer[] = [];
  const received = () => Buffer.concat(pieces).toString('latin1');
  const closed = Promise.withResolvers<void>();
  let receivedBytes = 0;
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    receivedBytes += piece.length;
  });
  // A connection that is reset is closed too; the tests ask for no more.
  socket.on('error', () => closed.resolve());
  socket.on('close', () => closed.resolve());
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    received,
    get receivedBytes() {
      return receivedBytes;
    },
    async until(text) {
      let tail = '';
      for (let next = 0; ; ) {
        for (; next < pieces.length; next += 1) {
          const searched = tail + pieces[next]?.toString('latin1');
          if (searched.includes(text)) return received();
          tail = searched.slice(searched.length - text.length + 1);
        }
        await Promise.race([
          once(socket, 'data'),
          closed.promise.then(() => Promise.reject(new Error(`closed before ${text}`))),
        ]);
      }
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    halfClose: () => void socket.end(),
    destroy: () => socket.destroy(),
    closed: closed.promise,
    [Symbol.dispose]: () => socket.destroy(),
  };
}
