import { describe, expect, test } from 'bun:test';
import { AttachedImages } from '../../src/chat/attached-images.ts';
import { ImageUploads } from '../../src/chat/image-uploads.ts';
import type { LoadedImage } from '../../src/chat/load-images.ts';
import type { WebExchange } from '../../src/upstream/upstream-request.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import type { UploadedImage } from '../../src/upstream/zai-web/upload-image.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';
import { makeExchange, makeRequest } from '../upstream/zai-web/make-exchange.ts';

const NEVER = new AbortController().signal;

function imagesOf(...hashes: string[]): LoadedImage[] {
  return hashes.map((hash, i) => ({
    hash,
    place: `image:${i}`,
    type: 'image/png',
    bytes: new Uint8Array(Buffer.from(hash)),
  }));
}

/** Uploads whose ids tell the image and the how-manieth upload it is. */
function createUploads(fail: string[] = []) {
  let made = 0;
  const asked: string[] = [];
  const uploads = new ImageUploads({
    timeoutMs: 60_000,
    async upload({ secret, feVersion }, { bytes }): Promise<UpstreamResult<UploadedImage>> {
      const hash = Buffer.from(bytes).toString();
      asked.push(`${hash} by ${secret} with ${feVersion}`);
      if (fail.includes(hash))
        return { ok: false, failure: upstreamFailure('rate-limited', 'busy') };
      const id = `${hash}-${++made}`;
      return { ok: true, value: { id, name: 'image.png', size: 1, itemId: 'i', file: {} } };
    },
  });
  return { uploads, asked };
}

/** An exchange with an image in each place. */
function exchangeWith(places: string[]): WebExchange {
  const content = places.map((url) => ({ type: 'image_url', image_url: { url } }));
  return makeExchange({
    credential: { secret: 's', userId: 'u' },
    request: makeRequest({ messages: [{ role: 'user', content }] }),
  });
}

/** The ids in the messages, and those attached. */
async function idsOf(attached: AttachedImages, exchange: WebExchange): Promise<unknown> {
  const attaching = await attached.attach(exchange, 'c', NEVER);
  if (!attaching.ok) return attaching.failure.kind;
  const { request, images } = attaching.value;
  const content = request.messages[0]?.content;
  const parts = Array.isArray(content) ? content : [];
  const named = parts.map(({ image_url }) =>
    typeof image_url === 'object' ? image_url?.url : image_url,
  );
  return { named, attached: images.map(({ id }) => id) };
}

test('an exchange without images is left as it is', async () => {
  const { uploads, asked } = createUploads();
  const exchange = exchangeWith([]);
  const attaching = await new AttachedImages([], uploads).attach(exchange, 'c', NEVER);
  expect([attaching.ok && attaching.value === exchange, asked]).toEqual([true, []]);
});

test('images are uploaded for the credential, in order, each once, and named in the messages', async () => {
  const { uploads, asked } = createUploads();
  const attached = new AttachedImages(imagesOf('cat', 'dog', 'cat'), uploads);
  const exchange = exchangeWith(['image:1', 'image:0', 'image:2']);
  expect([await idsOf(attached, exchange), asked]).toEqual([
    { named: ['dog-2', 'cat-1', 'cat-1'], attached: ['cat-1', 'dog-2'] },
    ['cat by s with prod-fe-1.1.92', 'dog by s with prod-fe-1.1.92'],
  ]);
});

test('an upload that fails is the failure of the attempt, and the last to be made', async () => {
  const { uploads, asked } = createUploads(['cat']);
  const attached = new AttachedImages(imagesOf('cat', 'dog'), uploads);
  expect([await idsOf(attached, exchangeWith([])), asked.length]).toEqual(['rate-limited', 1]);
});

describe('an upload that may be lost', () => {
  const failure = (kind: UpstreamFailureKind) => upstreamFailure(kind, kind);

  test.each(['bad-request', 'unavailable'] as const)(
    'is made anew after a failure of an attempt that took it from before: %s',
    async (kind) => {
      const { uploads } = createUploads();
      await idsOf(new AttachedImages(imagesOf('cat'), uploads), exchangeWith([]));
      const attached = new AttachedImages(imagesOf('cat'), uploads);
      const exchange = exchangeWith(['image:0']);
      const before = await idsOf(attached, exchange);
      const mayBeLost = attached.forgetLost(failure(kind));
      expect([before, mayBeLost, await idsOf(attached, exchange)]).toEqual([
        { named: ['cat-1'], attached: ['cat-1'] },
        true,
        { named: ['cat-2'], attached: ['cat-2'] },
      ]);
    },
  );

  test('is none when the attempt itself had made it', async () => {
    const { uploads } = createUploads();
    const attached = new AttachedImages(imagesOf('cat'), uploads);
    await idsOf(attached, exchangeWith([]));
    expect(attached.forgetLost(failure('bad-request'))).toBe(false);
  });

  test.each(['rate-limited', 'content-filtered', 'idle-timeout', 'client-outdated'] as const)(
    'is none when the failure speaks of something else: %s',
    async (kind) => {
      const { uploads } = createUploads();
      await idsOf(new AttachedImages(imagesOf('cat'), uploads), exchangeWith([]));
      const attached = new AttachedImages(imagesOf('cat'), uploads);
      const before = await idsOf(attached, exchangeWith([]));
      expect([attached.forgetLost(failure(kind)), await idsOf(attached, exchangeWith([]))]).toEqual(
        [false, before],
      );
    },
  );
});
