import { expect, test } from 'bun:test';
import { readLimitedText } from '../../src/upstream/read-limited-text.ts';

test('text is whole however the bytes are cut', async () => {
  const bytes = new TextEncoder().encode('你好 🌍');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readLimitedText(new Response(body), 64)).toBe('你好 🌍');
});

test('an endless body is read to the limit and cancelled', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('abc')),
    cancel: () => {
      cancelled = true;
    },
  });
  const text = await readLimitedText(new Response(body), 10);
  expect({ text, cancelled }).toEqual({ text: 'abcabcabca', cancelled: true });
});

test('a missing body is empty text', async () => {
  expect(await readLimitedText(new Response(null), 10)).toBe('');
});

test('a body that breaks off rejects', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('lost')) });
  expect(readLimitedText(new Response(body), 10)).rejects.toThrow('lost');
});
