import { expect, test } from 'bun:test';
import { image, postImages, text, user } from '../../support/images/image-chat.ts';
import { dataUrl, PNG } from '../../support/images/sample-images.ts';
import { outcomeOf } from '../../support/outcome-of.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';

const ELSEWHERE = 'https://images.example/cat.png';

test('images go to the API as the client has them, by URL and as data', () =>
  withApiGateway({}, async ({ gateway, api }) => {
    const urls = [ELSEWHERE, dataUrl(PNG)];
    const { status } = await postImages(gateway, ...urls);
    const messages = [user(text('What is this?'), ...urls.map(image))];
    expect([status, api.requests]).toMatchObject([
      200,
      [{ refusal: null, body: { model: 'glm-4.5v', messages } }],
    ]);
  }));

test('images in the short form that some clients send are taken too', () =>
  withApiGateway({}, async ({ gateway, api }) => {
    const messages = [user(text('?'), { type: 'image_url', image_url: ELSEWHERE })];
    const outcome = await outcomeOf(gateway, { model: 'GLM-4.6V-Flash', messages });
    expect([outcome.status, api.requests]).toMatchObject([
      200,
      [{ refusal: null, body: { messages: [user(text('?'), image(ELSEWHERE))] } }],
    ]);
  }));

test('images for a model that sees none are refused before the API is asked', () =>
  withApiGateway({}, async ({ gateway, api }) => {
    const messages = [user(text('?'), image(ELSEWHERE))];
    const outcome = await outcomeOf(gateway, { messages });
    expect([outcome.status, api.requests.length]).toEqual([400, 0]);
  }));
