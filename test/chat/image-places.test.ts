import { describe, expect, test } from 'bun:test';
import { fillPlaces, placeImages } from '../../src/chat/image-places.ts';
import { InvalidRequestError } from '../../src/errors.ts';
import { CATALOG } from '../../src/models/catalog.ts';
import { resolveModel } from '../../src/models/resolve-model.ts';
import type { ChatMessage } from '../../src/openai/chat-message.ts';

function modelNamed(name: string) {
  const lookup = (wanted: string) => CATALOG.find((model) => model.name.toLowerCase() === wanted);
  const model = resolveModel(name, lookup);
  if (model === null) throw new Error(name);
  return model;
}

const TAKER = modelNamed('GLM-4.5V');

const text = (content: string) => ({ type: 'text', text: content });
const image = (url: string) => ({ type: 'image_url', image_url: { url } });

function errorOf(messages: ChatMessage[], model = TAKER) {
  try {
    placeImages(messages, model);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.toBody().error;
    throw error;
  }
  return null;
}

test('messages without images stay as they are', () => {
  const messages: ChatMessage[] = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: [text('hello')] },
  ];
  const placed = placeImages(messages, modelNamed('GLM-4.6'));
  expect(placed).toEqual({ messages, images: [] });
});

test('images give way to places, which the upstream’s names fill again', () => {
  const messages: ChatMessage[] = [
    { role: 'user', content: [text('one'), image('data:image/png;base64,AA'), text('two')] },
    { role: 'assistant', content: 'A cat.' },
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: 'HTTPS://example.com/b' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
      ],
    },
  ];
  const placed = placeImages(messages, TAKER);
  const named = (first: string, second: string) => [
    { role: 'user', content: [text('one'), image(first), text('two')] },
    { role: 'assistant', content: 'A cat.' },
    { role: 'user', content: [image(second), image(first)] },
  ];
  const ids = new Map(placed.images.map(({ place }, i) => [place, `id-${i}`]));
  expect([placed.images, JSON.stringify(placed.messages).includes('base64')]).toEqual([
    [
      {
        place: 'image:0',
        url: 'data:image/png;base64,AA',
        param: 'messages[0].content[1].image_url.url',
      },
      {
        place: 'image:1',
        url: 'HTTPS://example.com/b',
        param: 'messages[2].content[0].image_url',
      },
    ],
    false,
  ]);
  expect<unknown>(fillPlaces(placed.messages, ids)).toEqual(named('id-0', 'id-1'));
});

describe('an image is refused', () => {
  const user = (...content: object[]): ChatMessage[] => [
    { role: 'user', content: content as { type: string }[] },
  ];
  const picture = image('https://example.com/a.png');

  test('by a model that takes none, with those that do', () => {
    expect(errorOf(user(text('?'), picture), modelNamed('GLM-4.6-Thinking'))).toEqual({
      message: expect.stringMatching(
        /^The model 'GLM-4.6-Thinking' does not take images; GLM-4.5V\b.+\bGLM-4.6V\b.+ do\.$/,
      ),
      type: 'invalid_request_error',
      param: 'messages[0].content[1]',
      code: 'unsupported_content',
    });
  });

  test.each(['system', 'assistant', 'tool'] as const)('in a message of the %s', (role) => {
    expect(errorOf([{ role, content: [picture] }])).toMatchObject({
      message: `Images are taken in user messages only, not in one of the role '${role}'.`,
      param: 'messages[0].content[0]',
      code: 'unsupported_content',
    });
  });

  test('beyond the twentieth, in however many messages', () => {
    const twenty = user(...Array(10).fill(picture), ...Array(10).fill(picture));
    expect(errorOf(twenty)).toBeNull();
    expect(errorOf([...twenty, ...user(picture)])).toMatchObject({
      message: 'A request may have 20 images at most.',
      param: 'messages[1].content[0]',
      code: 'too_many_images',
    });
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/a.png', 'iVBORw0KGgo', '/a.png', ''])(
    'at %p',
    (url) => {
      expect(errorOf(user(image(url)))).toMatchObject({
        message: "'messages[0].content[0].image_url.url' must be a data URL or an http(s) URL.",
        param: 'messages[0].content[0].image_url.url',
        code: 'invalid_image_url',
      });
    },
  );

  test.each([
    ['a string', { type: 'image_url', image_url: 'x' }, 'invalid_image_url'],
    ['null', { type: 'image_url', image_url: null }, 'missing_required_parameter'],
    ['nothing', { type: 'image_url' }, 'missing_required_parameter'],
  ])('whose URL is %s, by its place', (_what, part, code) => {
    expect(errorOf(user(part))).toMatchObject({ param: 'messages[0].content[0].image_url', code });
  });
});
