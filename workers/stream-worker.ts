/// <reference lib="webworker" />
/** The entry point of a stream worker's thread: messages in, messages out. */
import { LoopWatch } from '../src/lib/loop-delay.ts';
import type { FromWorker, ToWorker } from '../src/stream-pool/protocol.ts';
import { StreamTable } from './stream-table.ts';

declare const self: Worker;

const post = (message: FromWorker, transfer: ArrayBuffer[] = []) => {
  self.postMessage(message, transfer);
};
const table = new StreamTable(post);

/** Costs a little, so it begins when somebody asks. */
let loop: LoopWatch | null = null;

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.type) {
    case 'start':
      return table.start(message.streamId, message.job);
    case 'cancel':
      return table.cancel(message.streamId);
    case 'ack':
      return table.ack(message.credits, message.buffers);
    case 'survey':
      loop ??= new LoopWatch();
      return post({ type: 'surveyed', loopDelay: loop.read() });
    default:
      message satisfies never;
  }
};

post({ type: 'ready' });
