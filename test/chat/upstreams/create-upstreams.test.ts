import { describe, expect, test } from 'bun:test';
import { ChatImages } from '../../../src/chat/chat-images.ts';
import type { ChatPlan } from '../../../src/chat/plan-chat.ts';
import { createUpstreams, type Upstreams } from '../../../src/chat/upstreams/create-upstreams.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import type { UpstreamId } from '../../../src/upstream-id.ts';
import { makeDirectory } from '../../models/make-directory.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { makeRequest } from '../../upstream/zai-web/make-exchange.ts';

const NEVER = new AbortController().signal;
const SERVER = { ZAI_API_BASE_URL: 'http://127.0.0.1:1/v1' };

/** The upstreams that these settings make, for as long as `use` runs. */
async function withUpstreams(
  env: Record<string, string>,
  use: (upstreams: Upstreams) => unknown,
): Promise<void> {
  using folder = temporaryFolder();
  using database = openDatabase(':memory:');
  const settings = { GUEST_POOL_SIZE: '0', TOKENS_FILE: `${folder.path}/none.txt`, ...env };
  const { config } = loadConfig({ cwd: folder.path, env: settings });
  const log = createLogger({ level: 'silent', format: 'json' });
  await using upstreams = createUpstreams({ config, database, log });
  await use(upstreams);
}

/** A chat of GLM-4.6V. */
function planFor(upstreams: Upstreams): ChatPlan {
  const directory = makeDirectory({ upstreams: upstreams.inOrder.map(({ id }) => id) });
  const model = directory.find('GLM-4.6V');
  const { reminder: _, ...request } = makeRequest();
  return { model, request, droppedParams: [], asked: { messages: [] } } as unknown as ChatPlan;
}

describe('the upstreams are', () => {
  test.each<[string, Record<string, string>, UpstreamId[]]>([
    ['the web chat, when nothing is said', {}, ['zai-web']],
    [
      'the API before the web chat, when it has keys',
      { ZAI_API_KEYS: 'k' },
      ['zai-api', 'zai-web'],
    ],
    ['those that UPSTREAMS names', { UPSTREAMS: 'zai-api' }, ['zai-api']],
    [
      'in the order of UPSTREAMS',
      { UPSTREAMS: 'zai-web,zai-api', ZAI_API_KEYS: 'k' },
      ['zai-web', 'zai-api'],
    ],
  ])('%s', (_, env, ids) =>
    withUpstreams(env, ({ inOrder, web, api }) => {
      expect([inOrder.map(({ id }) => id), web !== null, api !== null]).toEqual([
        ids,
        ids.includes('zai-web'),
        ids.includes('zai-api'),
      ]);
    }),
  );
});

describe('the API', () => {
  test('without keys can serve nothing, and says what an operator can do', () =>
    withUpstreams({ UPSTREAMS: 'zai-api' }, ({ api }) => {
      expect(api?.credentials.readiness()).toMatchObject({
        kind: 'credential-rejected',
        message: expect.stringContaining('ZAI_API_KEYS'),
      });
    }));

  test('has no list of models to rely on', () =>
    withUpstreams({ UPSTREAMS: 'zai-api', ZAI_API_KEYS: 'k' }, async ({ api }) => {
      expect(await api?.listModels(NEVER)).toBeNull();
    }));

  test('at an address that is not Z.ai’s is a server of open weights, unless it is said to be', async () => {
    const dialects: unknown[] = [];
    const note = ({ api }: Upstreams) => dialects.push(api?.dialect);
    await withUpstreams({ UPSTREAMS: 'zai-api' }, note);
    await withUpstreams({ UPSTREAMS: 'zai-api', ...SERVER }, note);
    await withUpstreams({ UPSTREAMS: 'zai-api', ...SERVER, ZAI_API_DIALECT: 'zai' }, note);
    expect(dialects).toEqual(['zai', 'openai-compatible', 'zai']);
  });

  test('of a server of one’s own needs no key', () =>
    withUpstreams({ UPSTREAMS: 'zai-api', ...SERVER }, ({ api }) => {
      expect(api?.credentials.readiness()).toBeNull();
    }));
});

describe('a chat with images is served', () => {
  const image = { place: 'image:0', url: 'data:,', param: 'p' };

  test('by the API, but not by a web chat without accounts', () =>
    withUpstreams({ ZAI_API_KEYS: 'k' }, (upstreams) => {
      const plan = planFor(upstreams);
      const visited = (images: ChatImages) =>
        upstreams.inOrder.flatMap((upstream) => upstream.visit(plan, images)?.upstream.id ?? []);
      expect([visited(new ChatImages([image], NEVER)), visited(new ChatImages([], NEVER))]).toEqual(
        [['zai-api'], ['zai-api', 'zai-web']],
      );
    }));
});

test('a model that an upstream does not have is none of its business', () =>
  withUpstreams({ UPSTREAMS: 'zai-web' }, ({ web }) => {
    const offers = { 'zai-web': null, 'zai-api': null };
    const plan = { model: { offers } } as unknown as ChatPlan;
    expect(web?.visit(plan, new ChatImages([], NEVER))).toBeNull();
  }));
