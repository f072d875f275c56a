import { describe, expect, test } from 'bun:test';
import { makeDirectory, offersOf } from './make-directory.ts';

const BOTH = ['zai-api', 'zai-web'] as const;

const listed = (directory: ReturnType<typeof makeDirectory>) =>
  directory.list().map(({ id }) => id);

describe('with both upstreams', () => {
  test('a model that both have is offered by both, each under its own id', () => {
    const directory = makeDirectory({ upstreams: BOTH });
    const expected = { 'zai-web': 'GLM-4-6-API-V1', 'zai-api': 'glm-4.6' };
    expect(['GLM-4.6', 'GLM-4-6-api-v1'].map((name) => offersOf(directory, name))).toEqual([
      expected,
      expected,
    ]);
  });

  test('a model that one has is listed, and offered by that one only', () => {
    const directory = makeDirectory({ upstreams: BOTH });
    expect([listed(directory).includes('GLM-5.1'), offersOf(directory, 'glm-5.1')]).toEqual([
      true,
      { 'zai-web': null, 'zai-api': 'glm-5.1' },
    ]);
  });

  test('every listed name is found, once', () => {
    const names = listed(makeDirectory({ upstreams: BOTH }));
    const directory = makeDirectory({ upstreams: BOTH });
    expect([names.map((name) => directory.find(name)?.publicName), new Set(names).size]).toEqual([
      names,
      names.length,
    ]);
  });

  test('a model that is inactive on the web is still shown, since the API has it', () => {
    const directory = makeDirectory({ upstreams: BOTH });
    directory.mergeLive('zai-web', [{ id: 'glm-5', name: 'GLM-5', active: false }]);
    expect(listed(directory)).toContain('GLM-5');
  });

  test('an id of the web’s is a model’s name only when it is the whole of it', () => {
    const directory = makeDirectory({ upstreams: BOTH });
    directory.mergeLive('zai-web', [{ id: 'org/GLM-5.1', name: 'Another', active: true }]);
    expect(offersOf(directory, 'GLM-5.1')).toEqual({ 'zai-web': null, 'zai-api': 'glm-5.1' });
  });

  test('a model that the web comes to have is offered by both', () => {
    const directory = makeDirectory({ upstreams: BOTH });
    directory.mergeLive('zai-web', [{ id: 'main-5.1', name: 'GLM-5.1', active: true }]);
    expect(offersOf(directory, 'GLM-5.1')).toEqual({ 'zai-web': 'main-5.1', 'zai-api': 'glm-5.1' });
  });
});

describe('a model that no configured upstream has', () => {
  test.each([
    ['GLM-5.1', 'zai-web'],
    ['GLM-4.6V-Flash', 'zai-web'],
    ['GLM-4.7-Advanced-Search', 'zai-api'],
  ] as const)('is neither listed nor found: %s with %s alone', (name, upstream) => {
    const directory = makeDirectory({ upstreams: [upstream] });
    expect([listed(directory).includes(name), directory.find(name)]).toEqual([false, null]);
  });
});

describe('a name that begins with an upstream', () => {
  const WEB = { 'zai-web': 'glm-4.7', 'zai-api': null };
  const API = { 'zai-web': null, 'zai-api': 'glm-4.7' };

  test.each([
    ['zai-web/GLM-4.7', 'GLM-4.7', WEB],
    ['zai-api/glm-4.7-thinking', 'GLM-4.7-Thinking', API],
    [' ZAI-API/ Glm-4.7 ', 'GLM-4.7', API],
    ['zai-web/glm-4.7-advanced-search', 'GLM-4.7-Advanced-Search', WEB],
  ])('is served by that one only: %s', (name, publicName, offers) => {
    const directory = makeDirectory({ upstreams: BOTH });
    expect([directory.find(name)?.publicName, offersOf(directory, name)]).toEqual([
      publicName,
      offers,
    ]);
  });

  test.each(['zai-web/GLM-5.1', 'zai-api/GLM-4.7-Advanced-Search', 'zai-api/', 'zai-x/GLM-4.7'])(
    'means nothing when that one does not have the model: %s',
    (name) => {
      expect(makeDirectory({ upstreams: BOTH }).find(name)).toBeNull();
    },
  );

  test('means nothing when there is no such upstream here', () => {
    expect(makeDirectory({ upstreams: ['zai-web'] }).find('zai-api/GLM-4.7')).toBeNull();
  });
});

describe('a server of open weights', () => {
  const server = () => makeDirectory({ upstreams: BOTH, apiServesAnyName: true });

  test('has no model of the catalog before it says so', () => {
    const directory = server();
    expect([listed(directory).includes('GLM-5.1'), offersOf(directory, 'GLM-4.6')]).toEqual([
      false,
      { 'zai-web': 'GLM-4-6-API-V1', 'zai-api': null },
    ]);
  });

  test('has those that it lists, by the name or behind an owner', () => {
    const directory = server();
    directory.mergeLive('zai-api', [
      { id: 'zai-org/GLM-4.6', name: 'zai-org/GLM-4.6', active: true },
      { id: 'glm-5.1', name: 'glm-5.1', active: true },
    ]);
    const names = ['GLM-4.6-Thinking', 'zai-org/glm-4.6', 'GLM-5.1'];
    expect(names.map((name) => offersOf(directory, name))).toEqual([
      { 'zai-web': 'GLM-4-6-API-V1', 'zai-api': 'zai-org/GLM-4.6' },
      { 'zai-web': 'GLM-4-6-API-V1', 'zai-api': 'zai-org/GLM-4.6' },
      { 'zai-web': null, 'zai-api': 'glm-5.1' },
    ]);
  });

  test('adds what nobody else has, and the lists of both upstreams stand side by side', () => {
    const directory = server();
    directory.mergeLive('zai-web', [{ id: 'main-6', name: 'GLM-6', active: true }]);
    directory.mergeLive('zai-api', [
      { id: 'mine', name: 'mine', active: true },
      { id: 'org/GLM-6', name: 'org/GLM-6', active: true },
    ]);
    expect([
      listed(directory).slice(-2),
      offersOf(directory, 'GLM-6'),
      offersOf(directory, 'Mine'),
    ]).toEqual([
      ['GLM-6', 'mine'],
      { 'zai-web': 'main-6', 'zai-api': 'org/GLM-6' },
      { 'zai-web': null, 'zai-api': 'mine' },
    ]);
  });

  test('has models that are shown though the web has retired them, whichever list came first', () => {
    const retired = { id: 'glm-5', name: 'GLM-5', active: false };
    const served = { id: 'org/GLM-5', name: 'org/GLM-5', active: true };
    const [webFirst, apiFirst] = [server(), server()];
    webFirst.mergeLive('zai-web', [retired]);
    webFirst.mergeLive('zai-api', [served]);
    apiFirst.mergeLive('zai-api', [served]);
    apiFirst.mergeLive('zai-web', [retired]);
    expect([webFirst, apiFirst].map((directory) => listed(directory).includes('GLM-5'))).toEqual([
      true,
      true,
    ]);
  });

  test('is passed on any other name as it is, when the client names the upstream', () => {
    const directory = server();
    expect(
      ['zai-api/My-Model', 'zai-api/glm-4.6', 'My-Model', 'zai-web/My-Model'].map((name) =>
        offersOf(directory, name),
      ),
    ).toEqual([
      { 'zai-web': null, 'zai-api': 'My-Model' },
      { 'zai-web': null, 'zai-api': 'glm-4.6' },
      null,
      null,
    ]);
  });

  test('is passed on nothing when it is not configured', () => {
    const directory = makeDirectory({ upstreams: ['zai-web'], apiServesAnyName: true });
    expect(directory.find('zai-api/My-Model')).toBeNull();
  });
});

test('a model whose only upstream can serve nobody is not listed, yet found', () => {
  const directory = makeDirectory({ upstreams: BOTH });
  const ids = directory.list(['zai-web']).map(({ id }) => id);
  expect([ids.includes('GLM-4.6'), ids.includes('GLM-5.1'), directory.find('GLM-5.1')]).toEqual([
    true,
    false,
    expect.objectContaining({ publicName: 'GLM-5.1' }),
  ]);
});

describe('a name that no list has', () => {
  const alone = { upstreams: ['zai-api'], apiServesAnyName: true } as const;

  test('is what a server that lists no models is asked for, when there is nothing else', () => {
    const model = makeDirectory(alone).presume('my-own-glm');
    expect([model?.publicName, model?.offers['zai-api']?.upstreamId]).toEqual([
      'my-own-glm',
      'my-own-glm',
    ]);
  });

  test('means nothing once the server has listed what it has', () => {
    const directory = makeDirectory(alone);
    directory.mergeLive('zai-api', [{ id: 'glm-x', name: 'glm-x', active: true }]);
    expect(directory.presume('my-own-glm')).toBeNull();
  });

  test.each([
    ['beside the web chat', { ...alone, upstreams: ['zai-web', 'zai-api'] }],
    ['of the official API', { ...alone, apiServesAnyName: false }],
  ] as const)('means nothing %s', (_, options) => {
    expect(makeDirectory(options).presume('my-own-glm')).toBeNull();
  });
});
