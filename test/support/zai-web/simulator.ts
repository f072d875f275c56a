import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account, NewAccount } from './accounts.ts';
import { checkCompletion } from './check-completion.ts';
import type { CompletionBody } from './completion-body.ts';
import { createPacer, type Pacer, type PacerOptions } from './pacer.ts';
import {
  type PreparedScenario,
  playScenario,
  prepareScenario,
  type Stage,
} from './play-scenario.ts';
import { type ReceivedRequest, receiveRequest } from './received-request.ts';
import { createRecorder, type Departure, type RecordedRequest, type Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import { echoReply } from './scenarios/echo-reply.ts';
import { createServiceState, type ServiceOptions, type ServiceState } from './service-state.ts';
import { answerSideCall, type SideReply } from './side-calls.ts';

/** An accepted completion, for a script that answers each as it deserves. */
export interface ScriptedRequest {
  /** The last user message's text. */
  prompt: string;
  /** The upstream model id. */
  model: string;
  thinking: boolean;
  /** The whole of what was asked. */
  body: CompletionBody;
  recorded: RecordedRequest;
}

/** What accepted completions are answered with: always the same, or as the request calls for. */
export type Script = Scenario | ((request: ScriptedRequest) => Scenario);

export interface SimulatorOptions extends ServiceOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default: an echo that thinks when it is asked to. */
  script?: Script;
  /** How many requests and departures are kept. Default 2,000. */
  keep?: number;
  /** How finely frames are paced. Default: thousands of streams, cheaply. */
  pacing?: PacerOptions;
}

const COMPLETION_PATHS = new Set(['/api/v2/chat/completions', '/api/chat/completions']);

/**
 * Starts a stand-in for chat.z.ai on 127.0.0.1. It checks every request as strictly as the wire is
 * known (a refusal's reason is in `requests`) and answers completions by script. It shares no code
 * with the gateway, so that the two can disagree, and no state with other simulators.
 */
export async function startZaiWebSimulator(
  options: SimulatorOptions = {},
): Promise<ZaiWebSimulator> {
  const simulator = new ZaiWebSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

/** A running simulator. Made by `startZaiWebSimulator`. */
export class ZaiWebSimulator implements AsyncDisposable {
  // node:http and not Bun.serve: only it breaks a body off without a report on stderr.
  readonly #server = createServer((incoming, response) => {
    this.#handle(incoming, response).catch((cause) => {
      // A script that throws: its client must not hang, and the test run must hear of it.
      response.destroy();
      throw cause;
    });
  });
  readonly #pacer: Pacer;
  readonly #state: ServiceState;
  readonly #recorder: Recorder;
  readonly #callScripts = new Map<string, PreparedScenario>();
  readonly #prepared = new WeakMap<Scenario, PreparedScenario>();
  #script: Script;
  #origin = '';

  constructor(options: SimulatorOptions) {
    this.#pacer = createPacer(options.pacing);
    this.#state = createServiceState(options);
    this.#recorder = createRecorder(options.keep ?? 2_000);
    this.#script = options.script ?? echoReply;
  }

  /** `http://127.0.0.1:<port>`, the base of every call. */
  get origin(): string {
    return this.#origin;
  }

  /** For the setting `API_ENDPOINT`. */
  get completionsUrl(): string {
    return `${this.#origin}/api/v2/chat/completions`;
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

  /** The front-end version that the landing page shows and completions must claim at least. */
  get feVersion(): string {
    return this.#state.feVersion;
  }

  set feVersion(version: string) {
    this.#state.feVersion = version;
  }

  /** Signs somebody up; returns the token. Two tokens of one `userId` are two sessions. */
  addAccount(account: NewAccount = {}): string {
    return this.#state.accounts.add(account).token;
  }

  /** Lets a token expire, an account's or a guest's. */
  revokeToken(token: string): void {
    this.#state.accounts.revoke(token);
  }

  /** The guests there are, oldest first: how many chats each had, and how often it deleted them. */
  get guests(): readonly Pick<Account, 'token' | 'userId' | 'chats' | 'deletions'>[] {
    return this.#state.accounts.guests();
  }

  /** The images that are held, in the order in which they came. */
  get images(): readonly Uint8Array[] {
    return Array.from(this.#state.files.values(), ({ bytes }) => bytes);
  }

  /** Loses every uploaded file. */
  loseFiles(): void {
    this.#state.files.clear();
  }

  /** What the next accepted completions are answered with. */
  script(script: Script): void {
    this.#script = script;
  }

  /**
   * Answers every call to a path by scenario, unchecked, until it is called with null: a firewall
   * before `/api/v1/auths/`, a landing page that hangs.
   */
  scriptCall(path: string, scenario: Scenario | null): void {
    if (scenario === null) this.#callScripts.delete(path);
    else this.#callScripts.set(path, prepareScenario(scenario));
  }

  /**
   * Resolves as soon as the predicate holds. It is asked after every event here (a request, a
   * stream's opening and end, a write), so nobody need sleep.
   */
  waitFor(predicate: (simulator: ZaiWebSimulator) => boolean): Promise<void> {
    return this.#recorder.waitFor(() => predicate(this));
  }

  /** Starts listening. Rejects when the port is taken. */
  async listen(port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(port, '127.0.0.1', resolve);
    await promise;
    const address = this.#server.address() as AddressInfo;
    this.#origin = `http://127.0.0.1:${address.port}`;
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
    const stage = { response, pacer: this.#pacer, clientLeft: departure.signal };

    const scripted = this.#callScripts.get(request.path);
    if (scripted) {
      this.#recorder.addRequest(request, null);
      await playScenario(scripted, stage);
    } else if (request.method === 'POST' && COMPLETION_PATHS.has(request.path)) {
      await this.#answerCompletion(request, stage);
    } else {
      const reply = await answerSideCall(request, this.#state);
      this.#reply(request, reply, response);
    }
  }

  async #answerCompletion(request: ReceivedRequest, stage: Stage): Promise<void> {
    const checked = checkCompletion(request, this.#state);
    if ('refusal' in checked) return this.#reply(request, checked, stage.response);

    const recorded = this.#recorder.addRequest(request, null);
    const stream = this.#recorder.openStream(recorded);
    if (checked.account.role === 'guest') checked.account.streams.add(stream);
    stage.clientLeft.addEventListener('abort', () => {
      this.#recorder.closeStream(recorded, 'client-left');
    });
    const prepared = this.#prepare({
      prompt: checked.prompt,
      model: checked.body.model,
      thinking: checked.body.features.enable_thinking,
      body: checked.body,
      recorded,
    });
    await playScenario(prepared, {
      ...stage,
      onWrite: (bytes) => this.#recorder.countBytes(stream, bytes),
      onEnd: (ending) => this.#recorder.closeStream(recorded, ending),
    });
  }

  /** A scenario that comes up again keeps its bytes. */
  #prepare(request: ScriptedRequest): PreparedScenario {
    const scenario = typeof this.#script === 'function' ? this.#script(request) : this.#script;
    const known = this.#prepared.get(scenario);
    if (known) return known;
    const prepared = prepareScenario(scenario);
    this.#prepared.set(scenario, prepared);
    return prepared;
  }

  #reply(request: ReceivedRequest, reply: SideReply, response: ServerResponse): void {
    const refused = 'refusal' in reply;
    this.#recorder.addRequest(request, refused ? reply.refusal.reason : null);
    const { status, headers, body } = refused ? reply.refusal.answer : reply.answer;
    response.writeHead(status, headers);
    response.end(body);
  }
}
