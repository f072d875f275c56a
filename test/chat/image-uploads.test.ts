import { describe, expect, test } from 'bun:test';
import { ImageUploads } from '../../src/chat/image-uploads.ts';
import type { LoadedImage } from '../../src/chat/load-images.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import type { UploadedImage } from '../../src/upstream/zai-web/upload-image.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

const NEVER = new AbortController().signal;
const BUSY = { ok: false, failure: upstreamFailure('rate-limited', 'busy') } as const;

const imageOf = (hash: string): LoadedImage => ({
  hash,
  place: 'image:0',
  type: 'image/png',
  bytes: new Uint8Array(),
});
const ownerOf = (id: string) => ({ id, secret: `secret of ${id}`, feVersion: 'v' });
const CAT = imageOf('cat');
const ALICE = ownerOf('alice');

type Answer = (signal: AbortSignal) => Promise<UpstreamResult<UploadedImage>>;

/** Uploads that are answered by `answer`, by default with success; `made` counts them. */
function createUploads(answer: Answer = async () => success(), timeoutMs = 60_000) {
  const made: string[] = [];
  const uploads = new ImageUploads({
    timeoutMs,
    upload({ secret }, _image, signal) {
      made.push(secret);
      return answer(signal);
    },
  });
  return { uploads, made };
}

let uploaded = 0;
function success(): UpstreamResult<UploadedImage> {
  const id = `file-${++uploaded}`;
  return { ok: true, value: { id, name: 'image.png', size: 1, itemId: 'item', file: {} } };
}

const untilAborted: Answer = (signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('an image is uploaded once for a credential, and told to be old from then on', async () => {
  const { uploads, made } = createUploads();
  const results = [
    await uploads.upload(CAT, ALICE, NEVER),
    await uploads.upload(imageOf('cat'), ALICE, NEVER),
  ];
  const [first] = results;
  const image = first?.ok ? first.value.image : null;
  expect([results, made.length]).toEqual([
    [
      { ok: true, value: { image, isOld: false } },
      { ok: true, value: { image, isOld: true } },
    ] as typeof results,
    1,
  ]);
});

test('another image, and another credential, have uploads of their own', async () => {
  const { uploads, made } = createUploads();
  await uploads.upload(CAT, ALICE, NEVER);
  await uploads.upload(imageOf('dog'), ALICE, NEVER);
  await uploads.upload(CAT, ownerOf('bob'), NEVER);
  expect(made).toEqual(['secret of alice', 'secret of alice', 'secret of bob']);
});

test('all who want it at the same time share one upload', async () => {
  const { uploads, made } = createUploads();
  const results = await Promise.all(
    Array.from({ length: 5 }, () => uploads.upload(CAT, ALICE, NEVER)),
  );
  const ids = results.map((result) => result.ok && result.value.image.id);
  expect([made.length, new Set(ids).size]).toEqual([1, 1]);
});

describe('an upload is made anew', () => {
  test('after one that failed', async () => {
    const answers = [BUSY, success()];
    const { uploads } = createUploads(async () => answers.shift() ?? BUSY);
    expect(await uploads.upload(CAT, ALICE, NEVER)).toEqual(BUSY);
    expect(await uploads.upload(CAT, ALICE, NEVER)).toMatchObject({ value: { isOld: false } });
  });

  test('after it was forgotten, for that credential only', async () => {
    const { uploads } = createUploads();
    const bob = ownerOf('bob');
    await uploads.upload(CAT, ALICE, NEVER);
    await uploads.upload(CAT, bob, NEVER);
    uploads.forget(CAT, ALICE);
    expect([
      await uploads.upload(CAT, ALICE, NEVER),
      await uploads.upload(CAT, bob, NEVER),
    ]).toMatchObject([{ value: { isOld: false } }, { value: { isOld: true } }]);
  });

  test('when a thousand others came since', async () => {
    const { uploads } = createUploads();
    await uploads.upload(CAT, ALICE, NEVER);
    for (let i = 0; i < 1_000; i += 1) await uploads.upload(imageOf(String(i)), ALICE, NEVER);
    expect(await uploads.upload(CAT, ALICE, NEVER)).toMatchObject({ value: { isOld: false } });
  });
});

describe('an upload ends', () => {
  test('when the last who waits for it has left, with the reason', async () => {
    const signals: AbortSignal[] = [];
    const { uploads } = createUploads((signal) => {
      signals.push(signal);
      return untilAborted(signal);
    });
    const leaving = new AbortController();
    const result = uploads.upload(CAT, ALICE, leaving.signal).catch((error: unknown) => error);
    leaving.abort('left');
    expect([await result, signals.map(({ aborted }) => aborted)]).toEqual(['left', [true]]);
  });

  test('when it takes too long, as a clock that ran out', async () => {
    const { uploads } = createUploads(untilAborted, 10);
    expect(await uploads.upload(CAT, ALICE, NEVER)).toMatchObject({
      ok: false,
      failure: { kind: 'first-byte-timeout', message: 'Z.ai did not take an image within 0.01 s.' },
    });
  });
});
