import type { ReplySink } from './reply-sink.ts';

/** Keeps a whole reply until its response can be made of it. */
export class WholeReply implements ReplySink {
  #body: Uint8Array<ArrayBuffer> = new Uint8Array();

  /** A whole reply comes in one piece, whose memory is the caller's. */
  write(bytes: Uint8Array): null {
    this.#body = new Uint8Array(bytes);
    return null;
  }

  end(): void {}

  response(): Response {
    return new Response(this.#body, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  }
}
