import { expect, test } from 'bun:test';
import { ChatImages } from '../../src/chat/chat-images.ts';
import { InvalidRequestError } from '../../src/errors.ts';
import type { ImageNetwork } from '../../src/upstream/images/open-image.ts';

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

const sourceOf = (url: string) => ({ place: 'image:0', url, param: 'p' });
const NEVER = new AbortController().signal;
const NO_NETWORK = {} as ImageNetwork;

test('images are loaded once, however often they are asked for', async () => {
  const images = new ChatImages([sourceOf(PIXEL)], NEVER);
  const [first, second] = await Promise.all([images.load(NO_NETWORK), images.load(NO_NETWORK)]);
  const third = await images.load(NO_NETWORK);
  expect([first?.[0]?.type, second === first, third === first]).toEqual(['image/png', true, true]);
});

test('an image that can’t be had fails everyone who asks for them', async () => {
  const images = new ChatImages([sourceOf('data:image/png;base64,AA')], NEVER);
  const asking = [images.load(NO_NETWORK), images.load(NO_NETWORK)];
  const failures = (await Promise.allSettled(asking)).map((ended) =>
    ended.status === 'rejected' ? ended.reason : null,
  );
  expect(failures).toEqual([expect.any(InvalidRequestError), expect.any(InvalidRequestError)]);
});
