import { describe, expect, test } from 'bun:test';
import { outcomeOf } from '../../support/outcome-of.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { settledChats } from '../../support/settled-chats.ts';
import { type ApiStage, withApiGateway } from '../../support/with-api-gateway.ts';
import type { ApiErrorCode } from '../../support/zai-api/answers.ts';
import { plainAnswer } from '../../support/zai-api/scenarios/answers.ts';
import {
  apiError,
  errorInStream,
  errorInside200,
  networkError,
  sensitiveAnswer,
} from '../../support/zai-api/scenarios/failures.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import { inTurn } from '../../support/zai-web/scenarios/in-turn.ts';

const ANSWER = plainAnswer('Hello.');
/** No second attempt: what the first one says is what the client is told. */
const ONE_ATTEMPT = { MAX_RETRIES: '0' };

type Row = [code: ApiErrorCode, status: number, told: string, health: string, withModel: string];

/** The key's health in all and with the model; a strike is no change of state. */
const KEY_ROWS: Row[] = [
  [1000, 502, 'upstream_credentials_exhausted', 'out', 'healthy'],
  [1001, 502, 'upstream_credentials_exhausted', 'out', 'healthy'],
  [1003, 502, 'upstream_credentials_exhausted', 'out', 'healthy'],
  [1112, 502, 'upstream_credentials_exhausted', 'out', 'healthy'],
  [1313, 502, 'upstream_credentials_exhausted', 'out', 'healthy'],
  [1113, 502, 'upstream_credentials_exhausted', 'cooling', 'healthy'],
  [1220, 502, 'upstream_credentials_exhausted', 'healthy', 'cooling'],
  [1302, 429, 'upstream_rate_limited', 'cooling', 'healthy'],
  [1304, 429, 'upstream_quota_exhausted', 'cooling', 'healthy'],
  [1308, 429, 'upstream_quota_exhausted', 'cooling', 'healthy'],
  [1310, 429, 'upstream_quota_exhausted', 'cooling', 'healthy'],
];
const SERVICE_ROWS: Row[] = [
  [1305, 503, 'upstream_model_overloaded', 'healthy', 'healthy'],
  [1312, 503, 'upstream_model_overloaded', 'healthy', 'healthy'],
  [1234, 503, 'upstream_unavailable', 'healthy', 'healthy'],
  [1231, 502, 'upstream_duplicate_request', 'healthy', 'healthy'],
];
const REQUEST_ROWS: Row[] = [
  [1210, 400, 'upstream_rejected_request', 'healthy', 'healthy'],
  [1213, 400, 'upstream_rejected_request', 'healthy', 'healthy'],
  [1214, 400, 'upstream_rejected_request', 'healthy', 'healthy'],
  [1211, 404, 'model_not_found', 'healthy', 'healthy'],
  [1301, 400, 'content_filter', 'healthy', 'healthy'],
];

function healthOf({ gateway }: ApiStage): (string | undefined)[] {
  const [first] = gateway.services.upstreams.api?.credentials.statuses() ?? [];
  return [first?.health.state, first?.modelHealth.get('glm-4.6')?.state ?? 'healthy'];
}

const keysUsed = ({ api }: ApiStage) =>
  api.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));

describe.each([
  ['as an HTTP error', apiError],
  ['inside a 200 of JSON', errorInside200],
  ['inside a 200 stream', errorInStream],
] as const)('an error %s', (_, failing) => {
  test.each([...KEY_ROWS, ...SERVICE_ROWS, ...REQUEST_ROWS])(
    '%d: the client gets %d %s, and the key is %s, with the model %s',
    (code, status, told, health, withModel) =>
      withApiGateway({ script: failing(code), env: ONE_ATTEMPT }, async (stage) => {
        expect(await outcomeOf(stage.gateway)).toEqual({
          status,
          upstream: 'zai-api',
          attempts: '1',
          text: null,
          code: told,
        });
        expect(healthOf(stage)).toEqual([health, withModel]);
      }),
  );

  test.each(KEY_ROWS)('%d: another key is tried at once, and the first left alone', (code) =>
    withApiGateway({ keys: [{}, {}] }, async (stage) => {
      const { gateway, api, keys } = stage;
      const [bad, good] = keys;
      api.script(({ key }) => (key.secret === bad ? failing(code) : ANSWER));
      const served = { status: 200, upstream: 'zai-api', text: 'Hello.', code: null };
      expect([await outcomeOf(gateway), await outcomeOf(gateway)]).toEqual([
        { ...served, attempts: '2' },
        { ...served, attempts: '1' },
      ]);
      expect(keysUsed(stage)).toEqual([bad, good, good]);
    }),
  );

  test.each(REQUEST_ROWS)('%d: no other key is tried', (code, status, told) =>
    withApiGateway({ script: failing(code), keys: [{}, {}] }, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway)).toMatchObject({ status, code: told, attempts: '1' });
      expect(api.requests).toHaveLength(1);
    }),
  );
});

test.each(SERVICE_ROWS)('%d may pass, and is tried again', (code) =>
  withApiGateway({ script: inTurn(apiError(code), ANSWER) }, async (stage) => {
    expect(await outcomeOf(stage.gateway)).toMatchObject({ text: 'Hello.', attempts: '2' });
    const [key] = stage.keys;
    expect(keysUsed(stage)).toEqual([key, key]);
  }),
);

describe('a key that may be used again later', () => {
  const retryAfterOf = async ({ gateway }: ApiStage) => {
    const { headers } = await postChat(gateway);
    return Number(headers.get('retry-after'));
  };

  test('is left alone as long as the API asks, which the client is told', () =>
    withApiGateway({ keys: [{ rateLimitedSeconds: 77 }], env: ONE_ATTEMPT }, async (stage) => {
      const first = await retryAfterOf(stage);
      const second = await retryAfterOf(stage);
      expect([first, second <= 77, second > 60, stage.api.requests.length]).toEqual([
        77,
        true,
        true,
        1,
      ]);
    }));

  test('is left alone until the reset that its quota names, in China’s time', () => {
    const reset = new Date(Date.now() + 8 * 3_600_000 + 3_600_000).toISOString();
    const quotaResetsAt = reset.slice(0, 19).replace('T', ' ');
    return withApiGateway({ keys: [{ quotaResetsAt }], env: ONE_ATTEMPT }, async (stage) => {
      const seconds = await retryAfterOf(stage);
      expect([seconds <= 3_600, seconds > 3_500]).toEqual([true, true]);
    });
  });

  test('with no balance may also belong to the other base URL, as the client is told', () =>
    withApiGateway({ keys: [{ plan: 'coding' }], env: ONE_ATTEMPT }, async ({ gateway }) => {
      const { error } = (await (await postChat(gateway)).json()) as { error: { message: string } };
      expect(error.message).toMatch(/no balance, or the key belongs to another base URL/);
    }));

  test('with no permission for one model serves the others', () =>
    withApiGateway({ keys: [{ forbiddenModels: ['glm-4.6'] }] }, async ({ gateway, api }) => {
      api.script(ANSWER);
      const outcomes = [
        await outcomeOf(gateway),
        await outcomeOf(gateway),
        await outcomeOf(gateway, { model: 'GLM-4.7' }),
      ];
      expect(outcomes).toMatchObject([
        { status: 502, attempts: '1' },
        { status: 502, attempts: '0' },
        { status: 200, attempts: '1', text: 'Hello.' },
      ]);
    }));
});

test('what the API says of a key is told without the key', () =>
  withApiGateway({ keys: [{}], env: ONE_ATTEMPT }, async ({ gateway, api, keys }) => {
    api.script(apiError(1000, { message: `Bad key ${keys[0]}` }));
    const { error } = (await (await postChat(gateway)).json()) as { error: { message: string } };
    expect(error.message).toBe("The API refused the gateway's key: Bad key [credential]");
  }));

describe('a reply that the content filter ends', () => {
  test.each([true, false])(
    'ends with `content_filter` behind what it says (stream: %p)',
    (stream) =>
      withApiGateway({ script: sensitiveAnswer('Hello.') }, async ({ gateway }) => {
        const body = await (await postChat(gateway, { stream })).text();
        const read = stream
          ? readStream(body)
          : ((choice) => ({ text: choice.message.content, finishReasons: [choice.finish_reason] }))(
              JSON.parse(body).choices[0],
            );
        expect(read).toMatchObject({ text: 'Hello.', finishReasons: ['content_filter'] });
      }),
  );
});

describe('a reply that the API gives up (`network_error`)', () => {
  test.each([true, false])('before its first part is tried again (stream: %p)', (stream) =>
    withApiGateway({ script: inTurn(networkError(''), ANSWER) }, async ({ gateway }) => {
      expect(await outcomeOf(gateway, { stream })).toMatchObject({ text: 'Hello.' });
    }),
  );

  test.each([true, false])(
    'before its first part is an error, and no stop (stream: %p)',
    (stream) =>
      withApiGateway({ script: networkError(''), env: ONE_ATTEMPT }, async ({ gateway }) => {
        expect(await outcomeOf(gateway, { stream })).toEqual({
          status: 502,
          upstream: 'zai-api',
          attempts: '1',
          text: null,
          code: 'upstream_broken_stream',
        });
      }),
  );

  test('behind its first part is an error frame, and neither a finish reason nor [DONE]', () =>
    withApiGateway({ script: networkError('Hel') }, async ({ gateway, api }) => {
      const body = await (await postChat(gateway)).text();
      expect(readStream(body)).toMatchObject({
        text: 'Hel',
        finishReasons: [],
        error: { code: 'upstream_broken_stream' },
        done: false,
      });
      expect(api.requests).toHaveLength(1);
      expect(settledChats(gateway)).toMatchObject([
        { failures: ['zai-api:broken-stream'], outcome: 'failed', status: 200 },
      ]);
    }));
});

test('an error behind the first part is an error frame, whatever it speaks of', () =>
  withApiGateway(
    { script: errorInStream(1302, 'Hel'), keys: [{}, {}] },
    async ({ gateway, api }) => {
      const body = await (await postChat(gateway)).text();
      expect(readStream(body)).toMatchObject({
        text: 'Hel',
        error: { code: 'upstream_rate_limited' },
        done: false,
      });
      expect(api.requests).toHaveLength(1);
    },
  ));

test('an error that comes when the response has begun is an error frame', () => {
  const gate = createGate();
  const script = { ...apiError(1000), hangBeforeHeaders: gate };
  return withApiGateway({ script, keepAliveMs: 20 }, async ({ gateway }) => {
    const response = await postChat(gateway);
    gate.open();
    expect(readStream(await response.text())).toMatchObject({
      text: '',
      error: { code: 'upstream_credentials_exhausted' },
      done: false,
    });
  });
});
