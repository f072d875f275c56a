import { describe, expect, test } from 'bun:test';
import { answerTo, refusal } from '../support/answer-to.ts';
import { expectNothingLeft } from '../support/expect-nothing-left.ts';
import {
  askAbout,
  image,
  imageChat,
  localImages,
  postImages,
  UPLOAD_PATH,
  uploadsOf,
  user,
} from '../support/images/image-chat.ts';
import { picture, servePictures } from '../support/images/picture-site.ts';
import { dataUrl, GIF, PNG } from '../support/images/sample-images.ts';
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { withAccounts } from '../support/with-accounts.ts';
import { withGateway } from '../support/with-gateway.ts';
import { badRequestAnswer } from '../support/zai-web/answers.ts';
import { completionsOf, tokensUsed } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { errorInside200, statusErrors } from '../support/zai-web/scenarios/failures.ts';
import type { ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const CHAT = '/v1/chat/completions';

describe('an image is uploaded once', () => {
  test('in a request that has it twice, as another URL too', async () => {
    await using site = servePictures({ '/': picture() });
    await withGateway({ imageNetwork: localImages }, async ({ gateway, simulator }) => {
      await askAbout(gateway, dataUrl(PNG), site.url('/').href, dataUrl(PNG), dataUrl(GIF));
      expect([uploadsOf(simulator).length, site.asked.length]).toEqual([2, 1]);
      expect(completionsOf(simulator)[0]?.body.files).toHaveLength(2);
    });
  });

  test('in a conversation that sends it again with every turn', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      for (let turn = 0; turn < 3; turn += 1) await askAbout(gateway, dataUrl(PNG));
      expect([uploadsOf(simulator).length, completionsOf(simulator).length]).toEqual([1, 3]);
    }));

  test('by chats that send it at the same time', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      const replies = Array.from({ length: 5 }, () => askAbout(gateway, dataUrl(PNG)));
      expect(await Promise.all(replies)).toEqual(Array(5).fill([200, '1']));
      expect(uploadsOf(simulator)).toHaveLength(1);
    }));

  test('for all choices of a chat', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      const body = imageChat([user(image(dataUrl(PNG)))], { n: 3 });
      const response = await gateway.fetch(CHAT, { method: 'POST', body });
      const { choices } = (await response.json()) as { choices: unknown[] };
      expect([response.status, choices.length]).toEqual([200, 3]);
      expect([uploadsOf(simulator).length, completionsOf(simulator).length]).toEqual([1, 3]);
    }));

  test('for each account that needs it', () => {
    const env = (simulator: ZaiWebSimulator) => ({
      ZAI_TOKENS: `${simulator.addAccount()},${simulator.addAccount()}`,
    });
    return withGateway({ env }, async ({ gateway, simulator }) => {
      for (let turn = 0; turn < 4; turn += 1) await askAbout(gateway, dataUrl(PNG));
      expect([new Set(tokensUsed(simulator)).size, uploadsOf(simulator).length]).toEqual([2, 2]);
    });
  });

  test('and again when the service has lost it', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      const first = await askAbout(gateway, dataUrl(PNG));
      simulator.loseFiles();
      const later = [await askAbout(gateway, dataUrl(PNG)), await askAbout(gateway, dataUrl(PNG))];
      expect([first, ...later]).toEqual([
        [200, '1'],
        [200, '2'],
        [200, '1'],
      ]);
      expect(uploadsOf(simulator)).toHaveLength(2);
    }));

  test('also by a chat that fails for what has nothing to do with it', () =>
    withGateway({ script: errorInside200(400, 'too long') }, async ({ gateway, simulator }) => {
      expect(await askAbout(gateway, dataUrl(PNG))).toEqual([400, '1']);
      expect([uploadsOf(simulator).length, completionsOf(simulator).length]).toEqual([1, 1]);
    }));
});

describe('an account is needed', () => {
  test('and used, where a chat without images would be a guest’s', () => {
    const env = { ANONYMOUS_MODE: 'true' };
    return withAccounts(1, { env }, async ({ gateway, simulator, tokens }) => {
      simulator.revokeToken(tokens[0] ?? '');
      const withImage = await postImages(gateway, dataUrl(PNG));
      const without = await postChat(gateway, { stream: false });
      await without.text();
      expect([withImage.status, await withImage.json(), without.status]).toMatchObject([
        502,
        { error: { code: 'upstream_credentials_exhausted' } },
        200,
      ]);
      expect(uploadsOf(simulator).map(({ refusal }) => refusal)).toEqual([
        'the bearer is not a known token',
      ]);
      const again = await postImages(gateway, dataUrl(PNG));
      expect([again.status, again.headers.get('retry-after')]).toEqual([
        502,
        expect.stringMatching(/^1[89]\d\d$/),
      ]);
      expect(uploadsOf(simulator)).toHaveLength(1);
    });
  });

  test('and without one the operator is told what to set, before anything is fetched', async () => {
    await using site = servePictures({ '/': picture() });
    await withGateway(
      { imageNetwork: localImages, env: { ZAI_TOKENS: '' } },
      async ({ gateway, simulator }) => {
        const message =
          'Images need an account of chat.z.ai, and the gateway has none: its operator can set ZAI_TOKENS.';
        expect(
          await answerTo(gateway, CHAT, {
            method: 'POST',
            body: imageChat([user(image(site.url('/').href))]),
          }),
        ).toEqual(
          refusal(400, 'image_needs_account', 'messages[0].content[0].image_url.url', message),
        );
        expect([site.asked, simulator.requests]).toEqual([[], []]);
      },
    );
  });

  test('one that the service rejects makes way for the next, which uploads anew', () =>
    withAccounts(2, {}, async ({ gateway, simulator, tokens }) => {
      simulator.revokeToken(tokens[0] ?? '');
      expect([
        await askAbout(gateway, dataUrl(PNG)),
        await askAbout(gateway, dataUrl(PNG)),
      ]).toEqual([
        [200, '2'],
        [200, '1'],
      ]);
      expect(uploadsOf(simulator)).toHaveLength(2);
    }));
});

describe('an upload is part of the attempt', () => {
  test.each([
    ['a failure that may pass is tried again', statusErrors[500](), [200, '2']],
    ['a busy account makes way for another', statusErrors[429](), [200, '2']],
    ['a firewall ends it', statusErrors[405](), [503, '1']],
  ] as const)('%s', (_case, scenario, outcome) => {
    const env = (simulator: ZaiWebSimulator) => ({
      ZAI_TOKENS: `${simulator.addAccount()},${simulator.addAccount()}`,
    });
    return withGateway({ env }, async ({ gateway, simulator }) => {
      const gate = createGate();
      simulator.scriptCall(UPLOAD_PATH, { ...scenario, hangBeforeHeaders: gate });
      const reply = askAbout(gateway, dataUrl(PNG));
      await simulator.waitFor(() => uploadsOf(simulator).length === 1);
      simulator.scriptCall(UPLOAD_PATH, null);
      gate.open();
      expect(await reply).toEqual([...outcome]);
    });
  });

  test('the service’s word of a wrong image is the client’s', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      simulator.scriptCall(UPLOAD_PATH, { answer: badRequestAnswer('The image is too small.') });
      const response = await postImages(gateway, dataUrl(PNG));
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: { code: 'upstream_rejected_request' } },
      ]);
      simulator.scriptCall(UPLOAD_PATH, null);
    }));

  test.each([true, false])('a client that leaves ends it (stream: %p)', (stream) =>
    withGateway({}, async ({ gateway, simulator }) => {
      const gate = createGate();
      simulator.scriptCall(UPLOAD_PATH, { ...statusErrors[500](), hangBeforeHeaders: gate });
      const body = imageChat([user(image(dataUrl(PNG)))], { stream });
      await leaveWhen(gate.reached, gateway, body);
      await expectNothingLeft(gateway, simulator);
      expect(settledChats(gateway)).toMatchObject([{ outcome: 'cancelled', attempts: 1 }]);
      expect(completionsOf(simulator)).toEqual([]);
    }),
  );
});

test.each([true, false])(
  'a client that leaves ends the fetching of its image (stream: %p)',
  async (stream) => {
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    await using site = servePictures({
      '/': ({ signal }) => {
        signal.addEventListener('abort', () => left.resolve());
        asked.resolve();
        return new Promise<Response>(() => {});
      },
    });
    await withGateway({ imageNetwork: localImages }, async ({ gateway, simulator }) => {
      const body = imageChat([user(image(site.url('/').href))], { stream });
      await leaveWhen(asked.promise, gateway, body);
      await left.promise;
      await expectNothingLeft(gateway, simulator);
      expect(settledChats(gateway)).toMatchObject([{ outcome: 'cancelled', attempts: 1 }]);
      expect(completionsOf(simulator)).toEqual([]);
    });
  },
);

/** Sends a chat whose client leaves at that moment. */
async function leaveWhen(moment: Promise<void>, gateway: TestGateway, body: string): Promise<void> {
  const leaving = new AbortController();
  const reply = gateway.fetch(CHAT, { method: 'POST', body, signal: leaving.signal });
  await moment;
  leaving.abort();
  await expect(reply).rejects.toThrow();
}
