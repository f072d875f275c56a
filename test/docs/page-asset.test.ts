import { expect, test } from 'bun:test';
import { createPageAsset } from '../../src/docs/page-asset.ts';

const CONTENT = new TextEncoder().encode('body { color: red }'.repeat(100));

function makeAsset() {
  let reads = 0;
  const asset = createPageAsset('text/css', async () => {
    reads += 1;
    return CONTENT;
  });
  const ask = (headers: Record<string, string> = {}) =>
    asset.respond(new Request('http://gateway/style.css', { headers }));
  return { ask, reads: () => reads };
}

test('a client that takes gzip gets the content packed', async () => {
  const response = await makeAsset().ask({ 'accept-encoding': 'br, gzip' });
  const bytes = await response.bytes();
  const { headers } = response;
  expect([headers.get('content-encoding'), headers.get('content-type')]).toEqual([
    'gzip',
    'text/css',
  ]);
  expect([bytes.length < CONTENT.length, Bun.gunzipSync(bytes)]).toEqual([true, CONTENT]);
});

test('a client that does not gets it plain', async () => {
  const response = await makeAsset().ask();
  expect([response.headers.get('content-encoding'), await response.bytes()]).toEqual([
    null,
    CONTENT,
  ]);
});

test('a client that has it is told so, without it', async () => {
  const { ask } = makeAsset();
  const etag = (await ask()).headers.get('etag') ?? '';
  const again = await ask({ 'if-none-match': `W/"other", ${etag}` });
  const other = await ask({ 'if-none-match': '"other"' });
  expect([again.status, await again.text(), other.status]).toEqual([304, '', 200]);
});

test('nothing is read before it is asked for, and packing happens once', async () => {
  const { ask, reads } = makeAsset();
  const before = reads();
  await Promise.all([1, 2, 3].map(() => ask({ 'accept-encoding': 'gzip' })));
  expect([before, reads()]).toEqual([0, 1]);
});
