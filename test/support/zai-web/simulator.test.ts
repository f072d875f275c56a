import { describe, expect, test } from 'bun:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DraftFacts, draftCompletion, sendDraft } from './correct-request.ts';
import { createGate } from './gate.ts';
import type { Scenario, Wire } from './scenario.ts';
import { answerHeldAt, brokenOff, plainAnswer } from './scenarios/answers.ts';
import { captcha, statusErrors } from './scenarios/failures.ts';
import { pacedAnswer } from './scenarios/paced-answer.ts';
import { type Script, startZaiWebSimulator, type ZaiWebSimulator } from './simulator.ts';

async function start(script: Script): Promise<ZaiWebSimulator> {
  return startZaiWebSimulator({ script });
}

function ask(
  simulator: ZaiWebSimulator,
  facts: Partial<DraftFacts> = {},
  signal?: AbortSignal,
): Promise<Response> {
  const { origin } = simulator;
  const token = simulator.addAccount({ userId: 'user-1' });
  return sendDraft(draftCompletion({ origin, token, userId: 'user-1', ...facts }), signal);
}

/** Reads until `wanted` has come; returns all that came. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  wanted: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (!response.body) throw new Error('the response has no body');
  return response.body.getReader();
}

const aFrame = { frame: { phase: 'answer', delta_content: 'hello' } };
const aFrameText =
  'data: {"type":"chat:completion","data":{"phase":"answer","delta_content":"hello"}}';

describe('a script', () => {
  test('answers each request as it deserves', async () => {
    await using simulator = await start(({ prompt, model, thinking }) =>
      plainAnswer(`${prompt} ${model} ${thinking}`, { pieces: 1 }),
    );
    const facts = { prompt: 'hi', model: 'glm-5', thinking: true };
    const response = await ask(simulator, facts);
    expect(await response.text()).toContain('"delta_content":"hi glm-5 true"');
  });

  test('may give its reply headers of its own', async () => {
    await using simulator = await start({ ...plainAnswer('hi'), headers: { 'x-edge': 'a' } });
    const { headers } = await ask(simulator);
    expect([headers.get('x-edge'), headers.get('content-type')]).toEqual([
      'a',
      'text/event-stream; charset=utf-8',
    ]);
  });

  test('is an echo when there is none, with thought when it is asked for', async () => {
    await using simulator = await startZaiWebSimulator();
    const response = await ask(simulator, { prompt: 'ping 🏓', thinking: true });
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/event-stream; charset=utf-8',
      expect.stringMatching(/"phase":"thinking".+"edit_index":0.+🏓.+"usage".+"done":true/s),
    ]);
  });

  test('may be changed between requests', async () => {
    await using simulator = await start(captcha());
    const first = await (await ask(simulator)).text();
    simulator.script(statusErrors[429](7));
    const second = await ask(simulator);
    expect([first, second.status, second.headers.get('retry-after')]).toEqual([
      expect.stringContaining('FRONTEND_CAPTCHA_REQUIRED'),
      429,
      '7',
    ]);
  });

  test('with a gate goes on when the gate opens, and tells when it is there', async () => {
    const gate = createGate();
    await using simulator = await start(answerHeldAt(gate, 'before', 'after'));
    const reader = readerOf(await ask(simulator));
    await gate.reached;
    const early = await readUntil(reader, 'before');
    gate.open();
    const late = await readUntil(reader, '"done":true');
    expect([early.includes('after'), late.includes('after')]).toEqual([false, true]);
  });

  test('may hang before its headers', async () => {
    const gate = createGate();
    await using simulator = await start({
      ...plainAnswer('late', { pieces: 1 }),
      hangBeforeHeaders: gate,
    });
    let answered = false;
    const response = ask(simulator).then((given) => {
      answered = true;
      return given;
    });
    await gate.reached;
    const before = { answered, openStreams: simulator.openStreams };
    gate.open();
    expect([before, await (await response).text()]).toEqual([
      { answered: false, openStreams: 1 },
      expect.stringContaining('late'),
    ]);
  });

  test('may pause, and pace its frames', async () => {
    await using simulator = await start({
      steps: [{ pauseMs: 30 }, ...pacedAnswer(4, 20).steps],
    });
    const askedAt = performance.now();
    const text = await (await ask(simulator)).text();
    expect(text.match(/word \d/g)).toEqual(['word 1', 'word 2', 'word 3', 'word 4']);
    expect(performance.now() - askedAt).toBeGreaterThanOrEqual(30 + 3 * 20);
  });
});

describe('bytes', () => {
  test.each<[string, Partial<Wire>, string]>([
    ['as they are', {}, `${aFrameText}\n\n`],
    ['with CR', { lineEnding: 'cr' }, `${aFrameText}\r\r`],
    ['with a byte order mark', { bom: true }, `\ufeff${aFrameText}\n\n`],
    ['cut into single ones', { cut: 'byte' }, `${aFrameText}\n\n`],
    ['cut into sevens with pauses', { cut: 7, cutPauseMs: 1 }, `${aFrameText}\n\n`],
  ])('arrive %s', async (_, wire, text) => {
    await using simulator = await start({ steps: [aFrame], wire });
    const bytes = await (await ask(simulator)).bytes();
    expect(Buffer.from(bytes).toString('utf8')).toBe(text);
  });

  test('cut apart arrive apart', async () => {
    const wire = { cut: 10, cutPauseMs: 5 };
    await using simulator = await start({ steps: [{ raw: 'x'.repeat(50) }], wire });
    const reader = readerOf(await ask(simulator));
    const sizes: number[] = [];
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      sizes.push(read.value.length);
    }
    // A busy machine may read two as one, but never so many.
    expect(sizes.length).toBeGreaterThan(1);
  });

  test('of a client that does not read are held back', async () => {
    const pieces = 128;
    const steps = Array.from({ length: pieces }, () => ({ raw: new Uint8Array(1 << 18) }));
    await using simulator = await start({ steps });
    const response = await ask(simulator);
    // Enough turns for every piece, if none were held back.
    for (let turn = 0; turn < 4 * pieces; turn += 1) await nextTurn();
    const written = simulator.requests.at(-1)?.stream?.bytesWritten;
    expect(written).toBeLessThan((pieces << 18) / 2);
    expect((await response.bytes()).length).toBe(pieces << 18);
  });
});

describe('a connection', () => {
  test('broken in mid-body is an error for the client, after the bytes it has read', async () => {
    const gate = createGate();
    await using simulator = await start(brokenOff('Hello you', gate));
    const reader = readerOf(await ask(simulator));
    const text = await readUntil(reader, '"u"');
    gate.open();
    const failure = await reader.read().catch((error: { code: string }) => error.code);
    await simulator.waitFor(() => simulator.openStreams === 0);
    expect({ last: text.at(-1), failure, state: lastState(simulator) }).toEqual({
      last: '\n',
      failure: 'ECONNRESET',
      state: 'broken',
    });
  });

  test.each<[string, Scenario]>([
    ['before its headers', { closeBeforeHeaders: true }],
    ['right after its headers', { steps: [{ break: true }] }],
    ['right after a frame', { steps: [aFrame, { break: true }] }],
  ])('broken %s never looks like an end', async (_, scenario) => {
    await using simulator = await start(scenario);
    const outcome = ask(simulator).then((response) => response.text());
    expect(await outcome.catch((error: { code: string }) => error.code)).toBe('ECONNRESET');
  });

  test('that ends leaves no stream open and is nobody’s departure', async () => {
    await using simulator = await start(plainAnswer('bye'));
    await (await ask(simulator)).text();
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    expect([lastState(simulator), simulator.closedByClient]).toEqual(['ended', []]);
  });

  test.each<[string, Scenario, string | null]>([
    ['before the headers', { ...plainAnswer('x'), hangBeforeHeaders: createGate() }, null],
    ['at a gate', answerHeldAt(createGate(), 'before', 'after'), 'before'],
    ['in a pause', { steps: [aFrame, { pauseMs: 60_000 }] }, 'hello'],
    ['between paced frames', pacedAnswer(10_000, 20), 'word 2'],
    ['between pieces', { steps: [aFrame], wire: { cut: 'byte', cutPauseMs: 60_000 } }, 'd'],
  ])('that the client closes %s is seen within 100 ms', async (_, scenario, wanted) => {
    await using simulator = await start(scenario);
    const leaving = new AbortController();
    const asked = ask(simulator, {}, leaving.signal);
    asked.catch(() => 'the abort below');
    await simulator.waitFor(({ openStreams }) => openStreams === 1);
    if (wanted !== null) await readUntil(readerOf(await asked), wanted);
    const leftAt = performance.now();
    leaving.abort();
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    const [departure] = simulator.closedByClient;
    expect([simulator.closedByClient.length, lastState(simulator)]).toEqual([1, 'client-left']);
    expect((departure?.at ?? Number.POSITIVE_INFINITY) - leftAt).toBeLessThan(100);
  });
});

describe('a record', () => {
  test('has the request and what became of it', async () => {
    await using simulator = await start(plainAnswer('x', { pieces: 1 }));
    await (await ask(simulator, { prompt: 'hi' })).text();
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    expect(simulator.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/v2/chat/completions',
        query: { user_id: 'user-1' },
        headers: { 'x-fe-version': 'prod-fe-1.0.95' },
        body: { signature_prompt: 'hi' },
        refusal: null,
        stream: { state: 'ended', bytesWritten: expect.any(Number) },
      },
    ]);
  });

  test('is forgotten when there are newer ones than are kept', async () => {
    await using simulator = await startZaiWebSimulator({ keep: 2 });
    for (const path of ['/a', '/b', '/c']) await fetch(simulator.origin + path);
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/b', '/c']);
  });
});

test('simulators share nothing', async () => {
  await using one = await startZaiWebSimulator();
  await using other = await startZaiWebSimulator();
  const token = one.addAccount({ userId: 'user-1' });
  const draft = draftCompletion({ origin: other.origin, token, userId: 'user-1' });
  const response = await sendDraft(draft);
  expect([response.status, one.requests, one.origin === other.origin]).toEqual([401, [], false]);
});

test('a disposed simulator cuts its streams and frees its port', async () => {
  const gate = createGate();
  const simulator = await start(answerHeldAt(gate, 'before', 'after'));
  const reader = readerOf(await ask(simulator));
  await readUntil(reader, 'before');
  await simulator[Symbol.asyncDispose]();
  const outcomes = await Promise.allSettled([reader.read(), fetch(simulator.origin)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

function lastState(simulator: ZaiWebSimulator): string | undefined {
  return simulator.requests.at(-1)?.stream?.state;
}
