import { describe, expect, test } from 'bun:test';
import { answerTo, refusal } from '../support/answer-to.ts';
import {
  askAbout,
  image,
  imageChat,
  localImages,
  postImages,
  uploadsOf,
  user,
} from '../support/images/image-chat.ts';
import { picture, redirect, servePictures } from '../support/images/picture-site.ts';
import { dataUrl, freshPng, PNG, pngOf } from '../support/images/sample-images.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';

describe('an image is refused', () => {
  const answer = (gateway: TestGateway, body: string) =>
    answerTo(gateway, '/v1/chat/completions', { method: 'POST', body });
  const inMessage = (url: string) => imageChat([{ role: 'user', content: 'hi' }, user(image(url))]);
  const PARAM = 'messages[1].content[0].image_url.url';
  const NO_IMAGE = 'does not hold a PNG, JPEG, GIF or WebP image';
  const FORBIDDEN = 'leads to a host that is unknown or not public';

  test.each(['GLM-4.6', 'GLM-4.5-Air', 'GLM-5', 'glm-next-preview'])(
    'by %s, which takes none',
    (model) =>
      withGateway({}, async ({ gateway }) => {
        await (await gateway.fetch('/v1/models')).text(); // the live list has the last of them
        const named = expect.stringMatching(
          /^The model '.+' does not take images; GLM-4\.5V and GLM-4\.6V do\.$/,
        );
        expect(await answer(gateway, imageChat([user(image(dataUrl(PNG)))], { model }))).toEqual(
          refusal(400, 'unsupported_content', 'messages[0].content[0]', named),
        );
      }),
  );

  test.each([true, false])('when it is none, streamed or not: %p', (stream) =>
    withGateway({}, async ({ gateway, simulator }) => {
      const body = imageChat([user(image(dataUrl(Buffer.from('<html>'))))], { stream });
      const param = 'messages[0].content[0].image_url.url';
      expect(await answer(gateway, body)).toEqual(
        refusal(400, 'invalid_image_url', param, `'${param}' ${NO_IMAGE}.`),
      );
      expect([uploadsOf(simulator), completionsOf(simulator)]).toEqual([[], []]);
    }),
  );

  test.each([
    ['no URL', 'cat.png', 'must be a data URL or an http(s) URL'],
    ['a file', 'file:///etc/passwd', 'must be a data URL or an http(s) URL'],
    ['another scheme', 'gopher://127.0.0.1/', 'must be a data URL or an http(s) URL'],
    ['broken base64', 'data:image/png;base64,%%%', 'is a data URL whose base64 is broken'],
    ['a password', 'http://a:b@pictures.test/', 'carries a user name or a password'],
    [
      'more than 20 MB',
      dataUrl(pngOf(20 * 1024 * 1024 + 1)),
      'holds more than the 20 MB that an image may have',
    ],
  ])('when its URL is or has %s', (_what, url, problem) =>
    withGateway({ imageNetwork: localImages }, async ({ gateway, simulator }) => {
      expect(await answer(gateway, inMessage(url))).toEqual(
        refusal(400, 'invalid_image_url', PARAM, `'${PARAM}' ${problem}.`),
      );
      expect([uploadsOf(simulator), completionsOf(simulator)]).toEqual([[], []]);
    }),
  );

  test.each([
    [
      'is missing',
      () => new Response(null, { status: 404 }),
      'cannot be fetched: its host answers with status 404',
    ],
    ['is a page', () => picture(Buffer.from('<html>')), NO_IMAGE],
    [
      'is too large',
      () => picture(pngOf(20 * 1024 * 1024 + 1)),
      'holds more than the 20 MB that an image may have',
    ],
    ['redirects into the network', () => redirect('http://10.0.0.1/'), FORBIDDEN],
    ['redirects for ever', () => redirect('/'), 'redirects more than 3 times'],
  ])('when what its URL leads to %s', async (_what, page, problem) => {
    await using site = servePictures({ '/': page });
    await withGateway({ imageNetwork: localImages }, async ({ gateway }) => {
      expect(await answer(gateway, inMessage(site.url('/').href))).toEqual(
        refusal(400, 'invalid_image_url', PARAM, `'${PARAM}' ${problem}.`),
      );
    });
  });

  test.each([
    'localhost',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '224.0.0.1',
    'nobody.invalid',
  ])('when it lies at %s, and nothing of the network is told', async (host) => {
    await using site = servePictures({ '/': picture() });
    await withGateway({}, async ({ gateway }) => {
      expect(await answer(gateway, inMessage(site.url('/', host).href))).toEqual(
        refusal(400, 'invalid_image_url', PARAM, `'${PARAM}' ${FORBIDDEN}.`),
      );
      expect(site.asked).toEqual([]);
    });
  });

  test('beyond the twentieth', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      const twenty = Array.from({ length: 20 }, () => dataUrl(freshPng()));
      expect(await askAbout(gateway, ...twenty)).toEqual([200, '1']);
      expect(uploadsOf(simulator)).toHaveLength(20);
      const response = await postImages(gateway, ...twenty, dataUrl(PNG));
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: { code: 'too_many_images', param: 'messages[0].content[21]' } },
      ]);
    }));
});
