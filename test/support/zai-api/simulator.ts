import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPacer, type Pacer, type PacerOptions } from '../zai-web/pacer.ts';
import {
  type PreparedScenario,
  playScenario,
  prepareScenario,
  type Stage,
} from '../zai-web/play-scenario.ts';
import { type ReceivedRequest, receiveRequest } from '../zai-web/received-request.ts';
import {
  createRecorder,
  type Departure,
  type RecordedRequest,
  type Recorder,
} from '../zai-web/recorder.ts';
import type { HttpAnswer, Scenario } from '../zai-web/scenario.ts';
import { unknownPathAnswer } from './answers.ts';
import type { AcceptedCompletion, CompletionBody } from './check-completion.ts';
import { createKeys, type KeyAccount, type Keys } from './keys.ts';
import type { ServedModel } from './models.ts';
import { OFFICIAL, type SimulatedService } from './simulated-service.ts';

/** An accepted completion, for a script that answers each as it deserves. */
export interface ScriptedRequest {
  /** The last user message's text. */
  prompt: string;
  model: string;
  thinking: boolean;
  /** The whole of what was asked. */
  body: CompletionBody;
  /** The key it was asked with. */
  key: KeyAccount;
  recorded: RecordedRequest;
}

/** What accepted completions are answered with: always the same, or as the request calls for. */
export type Script = Scenario | ((request: ScriptedRequest) => Scenario);

export interface SimulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** What it is. Default: the official API. */
  service?: SimulatedService;
  /** Default: an echo that thinks when it is asked to. */
  script?: Script;
  /** Default: those of the service. */
  models?: readonly ServedModel[];
  /** How many requests and departures are kept. Default 2,000. */
  keep?: number;
  /** How finely chunks are paced. Default: thousands of streams, cheaply. */
  pacing?: PacerOptions;
}

/**
 * Starts a stand-in for the official API on 127.0.0.1. It checks every request as strictly as the
 * vendor's reference reads (a refusal's reason is in `requests`) and answers completions by script.
 * It shares no code with the gateway, so that the two can disagree, and no state with others.
 */
export async function startZaiApiSimulator(
  options: SimulatorOptions = {},
): Promise<ZaiApiSimulator> {
  const simulator = new ZaiApiSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

/** A running simulator. Made by `startZaiApiSimulator`. */
export class ZaiApiSimulator implements AsyncDisposable {
  // node:http and not Bun.serve: only it breaks a body off without a report on stderr.
  readonly #server = createServer((incoming, response) => {
    this.#handle(incoming, response).catch((cause) => {
      // A script that throws: its client must not hang, and the test run must hear of it.
      response.destroy();
      throw cause;
    });
  });
  readonly #pacer: Pacer;
  readonly #recorder: Recorder;
  readonly #keys: Keys = createKeys();
  readonly #service: SimulatedService;
  readonly #models: readonly ServedModel[];
  readonly #openByKey = new Map<KeyAccount, number>();
  readonly #prepared = new WeakMap<Scenario, PreparedScenario>();
  #script: Script;
  #origin = '';

  constructor(options: SimulatorOptions) {
    this.#pacer = createPacer(options.pacing);
    this.#recorder = createRecorder(options.keep ?? 2_000);
    this.#service = options.service ?? OFFICIAL;
    this.#models = options.models ?? this.#service.models;
    this.#script = options.script ?? this.#service.echo;
  }

  /** `http://127.0.0.1:<port>`. */
  get origin(): string {
    return this.#origin;
  }

  /** For the setting `ZAI_API_BASE_URL`. */
  get baseUrl(): string {
    return this.#origin + this.#service.basePath;
  }

  /** The base URL that takes the keys of the Coding Plan only. */
  get codingBaseUrl(): string {
    return `${this.#origin}/api/coding/paas/v4`;
  }

  /** The last requests, oldest first, refused ones too. */
  get requests(): readonly RecordedRequest[] {
    return this.#recorder.requests;
  }

  /** Accepted completions that are still being answered, those without headers yet included. */
  get openStreams(): number {
    return this.#recorder.openStreams;
  }

  /** The last streams that a client left before their end. */
  get closedByClient(): readonly Departure[] {
    return this.#recorder.closedByClient;
  }

  /** Makes a key; returns its secret. */
  addKey(account: Partial<KeyAccount> = {}): string {
    return this.#keys.add(account).secret;
  }

  /** Changes what stands behind a key: its balance is used up, its quota resets. */
  changeKey(secret: string, changes: Partial<Omit<KeyAccount, 'secret'>>): void {
    const key = this.#keys.find(secret);
    if (key === undefined) throw new Error('a key is made before it is changed');
    Object.assign(key, changes);
  }

  /** What the next accepted completions are answered with. */
  script(script: Script): void {
    this.#script = script;
  }

  /**
   * Resolves as soon as the predicate holds. It is asked after every event here (a request, a
   * stream's opening and end, a write), so nobody need sleep.
   */
  waitFor(predicate: (simulator: ZaiApiSimulator) => boolean): Promise<void> {
    return this.#recorder.waitFor(() => predicate(this));
  }

  /** Starts listening. Rejects when the port is taken. */
  async listen(port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(port, '127.0.0.1', resolve);
    await promise;
    const { port: boundPort } = this.#server.address() as AddressInfo;
    this.#origin = `http://127.0.0.1:${boundPort}`;
  }

  /** Cuts every connection and frees the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#pacer.stop();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const departure = new AbortController();
    response.once('close', () => departure.abort());
    const request = await receiveRequest(incoming);
    if (request === null) return;
    const isCompletion = request.method === 'POST' && this.#service.isCompletionPath(request.path);
    if (!isCompletion) return this.#answerSideCall(request, response);
    const checked = this.#service.check(request, {
      keys: this.#keys,
      models: this.#models,
      countOpen: (key) => this.#openByKey.get(key) ?? 0,
    });
    if ('refusal' in checked) {
      return this.#reply(request, checked.refusal.reason, checked.refusal.answer, response);
    }
    const stage = { response, pacer: this.#pacer, clientLeft: departure.signal };
    await this.#answer(request, checked, stage);
  }

  #answerSideCall(request: ReceivedRequest, response: ServerResponse): void {
    const answer = this.#service.answerSideCall(request, this.#models);
    if (answer !== null) this.#reply(request, null, answer, response);
    else this.#reply(request, 'no such path', unknownPathAnswer(request.path), response);
  }

  async #answer(request: ReceivedRequest, asked: AcceptedCompletion, stage: Stage): Promise<void> {
    const recorded = this.#recorder.addRequest(request, null);
    const stream = this.#recorder.openStream(recorded);
    stage.clientLeft.addEventListener('abort', () => {
      this.#recorder.closeStream(recorded, 'client-left');
    });
    this.#countOpen(asked.key, 1);
    stage.response.once('close', () => this.#countOpen(asked.key, -1));
    await playScenario(this.#prepare(describe(asked, recorded)), {
      ...stage,
      onWrite: (bytes) => this.#recorder.countBytes(stream, bytes),
      onEnd: (ending) => this.#recorder.closeStream(recorded, ending),
    });
  }

  #countOpen(key: KeyAccount, change: 1 | -1): void {
    this.#openByKey.set(key, (this.#openByKey.get(key) ?? 0) + change);
  }

  /** A scenario that comes up again keeps its bytes. Here a frame is all there is of an event. */
  #prepare(request: ScriptedRequest): PreparedScenario {
    const scenario = typeof this.#script === 'function' ? this.#script(request) : this.#script;
    const known = this.#prepared.get(scenario);
    if (known) return known;
    const wire = 'steps' in scenario ? { wire: { ...scenario.wire, event: 'bare' as const } } : {};
    const prepared = prepareScenario({ ...scenario, ...wire });
    this.#prepared.set(scenario, prepared);
    return prepared;
  }

  /** Answers in one piece; a reason of null is no refusal. */
  #reply(
    request: ReceivedRequest,
    reason: string | null,
    { status, headers, body }: HttpAnswer,
    response: ServerResponse,
  ): void {
    this.#recorder.addRequest(request, reason);
    response.writeHead(status, headers);
    response.end(body);
  }
}

function describe({ key, body }: AcceptedCompletion, recorded: RecordedRequest): ScriptedRequest {
  const { thinking } = body as { thinking?: { type?: string } };
  return {
    prompt: promptOf(body),
    model: body.model,
    // The models think unless they are told not to.
    thinking: thinking?.type !== 'disabled',
    body,
    key,
    recorded,
  };
}

function promptOf({ messages }: CompletionBody): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  if (!Array.isArray(content)) return String(content);
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ');
}
