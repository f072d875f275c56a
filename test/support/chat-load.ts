import { chatBody } from './chat-body.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { readStream, type StreamReading } from './read-stream.ts';

/** A response that a client has read to its end. */
export interface ReadReply {
  requestId: string;
  status: number;
  /** What the stream held; null for what is none. */
  reading: StreamReading | null;
}

/** Clients that chat with a gateway, each again and again. */
export interface ChatLoad {
  /** What has been read to its end so far. */
  readonly replies: readonly ReadReply[];
  /** Resolves when so many replies have been read. */
  untilRead(count: number): Promise<void>;
  /** Lets each client read its reply to the end and go; resolves with all replies. */
  stop(): Promise<readonly ReadReply[]>;
  /** The same, once they go by themselves: each does as soon as it gets no response. */
  readonly over: Promise<readonly ReadReply[]>;
}

/** One streamed chat. Rejects when there is no response, or one that breaks off. */
export async function readChat(gateway: GatewayProcess): Promise<ReadReply> {
  const response = await gateway.fetch('/v1/chat/completions', {
    method: 'POST',
    body: chatBody(),
  });
  const body = await response.text();
  return {
    requestId: response.headers.get('x-request-id') ?? '',
    status: response.status,
    reading: response.ok ? readStream(body) : null,
  };
}

/** Sends as many clients to a gateway. */
export function startLoad(gateway: GatewayProcess, clients: number): ChatLoad {
  const replies: ReadReply[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let stopped = false;
  const client = async () => {
    while (!stopped) {
      replies.push(await readChat(gateway));
      for (const { count, resolve } of waiting) if (replies.length >= count) resolve();
    }
  };
  const over = Promise.allSettled(Array.from({ length: clients }, client)).then(() => replies);
  return {
    replies,
    untilRead(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, resolve });
      const early = over.then(() => Promise.reject(new Error('the clients got no response')));
      return Promise.race([promise, early]);
    },
    stop() {
      stopped = true;
      return over;
    },
    over,
  };
}
