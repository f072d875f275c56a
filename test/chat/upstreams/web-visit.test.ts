import { describe, expect, test } from 'bun:test';
import { ChatImages } from '../../../src/chat/chat-images.ts';
import { ImageUploads } from '../../../src/chat/image-uploads.ts';
import { WebVisit, type WebVisitOptions } from '../../../src/chat/upstreams/web-visit.ts';
import { createCredential } from '../../../src/credentials/credential.ts';
import type { ImageNetwork } from '../../../src/upstream/images/open-image.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { makeExchange, makeRequest } from '../../upstream/zai-web/make-exchange.ts';

const NEVER = new AbortController().signal;
const ALICE = createCredential('account', 'secret of alice', 'alice');
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

/** Visits of one upstream, whose page claims one version after the other when it is read anew. */
function setUp(...versions: string[]) {
  let uploaded = 0;
  const uploads = new ImageUploads({
    timeoutMs: 60_000,
    async upload() {
      const id = `file-${++uploaded}`;
      return { ok: true, value: { id, name: 'image.png', size: 1, itemId: 'i', file: {} } };
    },
  });
  const {
    model,
    credential: _,
    request: __,
    feVersion: ___,
    images: ____,
    ...exchange
  } = makeExchange();
  const refreshed: string[] = [];
  const options: WebVisitOptions = {
    upstream: { id: 'zai-web' } as unknown as WebVisitOptions['upstream'],
    exchange,
    feVersion: {
      current: async () => versions[refreshed.length] ?? '',
      async refresh(claimed) {
        refreshed.push(claimed);
        return versions[refreshed.length] ?? claimed;
      },
    },
    network: {} as ImageNetwork,
    uploads,
    droppedParams: ['logprobs'],
  };
  const visit = (images: readonly string[] = []) => {
    const content = images.map((_url, i) => ({
      type: 'image_url',
      image_url: { url: `image:${i}` },
    }));
    const messages = [{ role: 'user' as const, content }];
    const sources = images.map((url, i) => ({ place: `image:${i}`, url, param: `p${i}` }));
    const ask = { model, request: makeRequest({ messages }) };
    return new WebVisit(options, ask, new ChatImages(sources, NEVER));
  };
  return { visit, refreshed, exchange, model };
}

describe('a visit to the web chat', () => {
  test('has any credential for its model, and an account for images', () => {
    const { visit, model } = setUp('v1');
    expect([visit().wish, visit([PIXEL]).wish]).toEqual([
      { model: model.upstreamId, need: 'any' },
      { model: model.upstreamId, need: 'account' },
    ]);
  });

  test('prepares an attempt for its credential, with the version and the reminder of the moment', async () => {
    const { visit, exchange, model } = setUp('v1');
    expect(await visit().prepare(ALICE, 'Do it.', NEVER)).toEqual({
      ok: true,
      value: {
        ...exchange,
        model,
        credential: { secret: 'secret of alice', userId: 'alice' },
        feVersion: 'v1',
        images: [],
        request: makeRequest({ messages: [{ role: 'user', content: [] }], reminder: 'Do it.' }),
      },
    });
  });

  test('uploads its images for the credential', async () => {
    const prepared = await setUp('v1').visit([PIXEL]).prepare(ALICE, null, NEVER);
    const { images, request } = prepared.ok ? prepared.value : makeExchange();
    expect([images.map(({ id }) => id), request.messages[0]?.content]).toEqual([
      ['file-1'],
      [{ type: 'image_url', image_url: { url: 'file-1' } }],
    ]);
  });
});

describe('after a failure, the step', () => {
  const OUTDATED = upstreamFailure('client-outdated', '');

  test('is the same again when the version was old and there is a new one, which is claimed then', async () => {
    const { visit, refreshed } = setUp('v1', 'v2');
    const chat = visit();
    await chat.prepare(ALICE, null, NEVER);
    const step = await chat.reconsider(OUTDATED, 'next-upstream');
    const prepared = await chat.prepare(ALICE, null, NEVER);
    expect([step, refreshed, prepared.ok && prepared.value.feVersion]).toEqual([
      'again',
      ['v1'],
      'v2',
    ]);
  });

  test('stays what it is when there is no newer version', async () => {
    const chat = setUp('v1').visit();
    await chat.prepare(ALICE, null, NEVER);
    expect(await chat.reconsider(OUTDATED, 'next-upstream')).toBe('next-upstream');
  });

  test('is another attempt when an upload of an earlier chat may be lost, which is made anew', async () => {
    const { visit } = setUp('v1');
    await visit([PIXEL]).prepare(ALICE, null, NEVER);
    const chat = visit([PIXEL]);
    await chat.prepare(ALICE, null, NEVER);
    const failure = upstreamFailure('bad-request', '');
    const step = await chat.reconsider(failure, 'give-up');
    const prepared = await chat.prepare(ALICE, null, NEVER);
    expect([
      step,
      prepared.ok && prepared.value.images.map(({ id }) => id),
      await chat.reconsider(failure, 'give-up'),
    ]).toEqual(['back-off', ['file-2'], 'give-up']);
  });

  test('stays what it is when there is to be another attempt anyway', async () => {
    const { visit } = setUp('v1');
    await visit([PIXEL]).prepare(ALICE, null, NEVER);
    const chat = visit([PIXEL]);
    await chat.prepare(ALICE, null, NEVER);
    const failure = upstreamFailure('unavailable', '');
    expect(await chat.reconsider(failure, 'next-credential')).toBe('next-credential');
  });

  test.each(['give-up', 'next-credential', 'back-off'] as const)(
    'stays what it is for any other failure: %s',
    async (step) => {
      const { visit, refreshed } = setUp('v1', 'v2');
      const chat = visit([PIXEL]);
      await chat.prepare(ALICE, null, NEVER);
      expect([await chat.reconsider(upstreamFailure('bad-request', ''), step), refreshed]).toEqual([
        step,
        [],
      ]);
    },
  );
});
