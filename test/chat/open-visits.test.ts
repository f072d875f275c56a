import { expect, test } from 'bun:test';
import { ChatImages } from '../../src/chat/chat-images.ts';
import { openVisits } from '../../src/chat/open-visits.ts';
import type { ChatPlan } from '../../src/chat/plan-chat.ts';
import type { Upstream, UpstreamVisit } from '../../src/chat/upstreams/upstream.ts';
import { GatewayError } from '../../src/errors.ts';

const PLAN = { model: { publicName: 'GLM-4.6V' } } as ChatPlan;
const NO_IMAGES = new ChatImages([], new AbortController().signal);
const WITH_IMAGE = new ChatImages(
  [{ place: 'image:0', url: 'data:,', param: 'messages[0].content[1].image_url' }],
  new AbortController().signal,
);

/** Upstreams that have a visit for the chat, or none. */
function upstreamsWith(...visits: (string | null)[]) {
  const asked: unknown[] = [];
  const upstreams = visits.map((visit) => ({
    visit(...chat: unknown[]) {
      asked.push(chat);
      return visit as UpstreamVisit | null;
    },
  }));
  return { upstreams: upstreams as unknown as Upstream[], asked };
}

function refusalOf(images: ChatImages) {
  try {
    return openVisits(upstreamsWith(null, null).upstreams, PLAN, images);
  } catch (error) {
    return error instanceof GatewayError ? error.toBody().error : error;
  }
}

test('every upstream that serves the chat is visited, in order of preference', () => {
  const { upstreams, asked } = upstreamsWith('api', null, 'web');
  expect<unknown>([openVisits(upstreams, PLAN, WITH_IMAGE), asked]).toEqual([
    ['api', 'web'],
    Array(3).fill([PLAN, WITH_IMAGE]),
  ]);
});

test('a model that none has does not exist', () => {
  expect(refusalOf(NO_IMAGES)).toMatchObject({ code: 'model_not_found', param: 'model' });
});

test('images that none takes are refused, with what the operator can do', () => {
  expect(refusalOf(WITH_IMAGE)).toMatchObject({
    code: 'image_needs_account',
    param: 'messages[0].content[1].image_url',
    message: expect.stringContaining('ZAI_TOKENS'),
  });
});
