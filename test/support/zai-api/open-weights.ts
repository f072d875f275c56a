import { jsonAnswer } from '../zai-web/answers.ts';
import type { ReceivedRequest } from '../zai-web/received-request.ts';
import type { HttpAnswer } from '../zai-web/scenario.ts';
import type {
  AcceptedCompletion,
  CompletionBody,
  Refusal,
  ServiceFacts,
} from './check-completion.ts';
import type { KeyAccount } from './keys.ts';
import type { ServedModel } from './models.ts';
import { isObject } from './request-fault.ts';
import { compatibleAnswer } from './scenarios/compatible.ts';
import type { SimulatedService } from './simulated-service.ts';

const COMPLETIONS = '/v1/chat/completions';

/** Every parameter of OpenAI's that such a server knows, and what may stand in it. */
const PARAMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: (value) => typeof value === 'string',
  messages: (value) => Array.isArray(value) && value.length > 0 && value.every(isMessage),
  stream: (value) => value === true,
  stream_options: isObject,
  temperature: (value) => isBetween(value, 0, 2),
  top_p: (value) => isBetween(value, 0.001, 1),
  max_tokens: (value) => Number.isInteger(value) && Number(value) >= 1,
  stop: Array.isArray,
  seed: Number.isInteger,
  frequency_penalty: (value) => isBetween(value, -2, 2),
  presence_penalty: (value) => isBetween(value, -2, 2),
  tools: (value) => Array.isArray(value) && value.length > 0 && value.every(isFunctionTool),
  tool_choice: (value) => isObject(value) || ['auto', 'none', 'required'].includes(String(value)),
  parallel_tool_calls: (value) => typeof value === 'boolean',
  response_format: (value) =>
    isObject(value) && ['text', 'json_object', 'json_schema'].includes(String(value.type)),
  chat_template_kwargs: isObject,
  user: (value) => typeof value === 'string',
};

/**
 * A server of open weights as one runs it at home: vLLM, SGLang. It is asked without a key, lists its
 * models, and speaks OpenAI's dialect. It refuses what is Z.ai's alone, which a real one ignores.
 */
export const OPEN_WEIGHTS: SimulatedService = {
  basePath: '/v1',
  models: ['zai-org/GLM-4.6', 'house-model'].map((id) => ({
    id,
    takesImages: false,
    toolStream: true,
  })),
  isCompletionPath: (path) => path === COMPLETIONS,
  check: checkCompatible,
  answerSideCall: listModels,
  echo: ({ prompt, model }) => compatibleAnswer(`You said: ${prompt}`, { model }),
};

function listModels(
  { method, path }: ReceivedRequest,
  models: readonly ServedModel[],
): HttpAnswer | null {
  if (method !== 'GET' || path !== '/v1/models') return null;
  const list = models.map(({ id }) => ({ id, object: 'model', created: 1, owned_by: 'vllm' }));
  return jsonAnswer({ object: 'list', data: list });
}

const EVERYONE: KeyAccount = {
  secret: '',
  plan: 'general',
  balance: 1,
  expired: false,
  locked: false,
  concurrency: Number.POSITIVE_INFINITY,
  rateLimitedSeconds: null,
  quotaResetsAt: null,
  forbiddenModels: [],
};

function checkCompatible(
  { bearer, body }: ReceivedRequest,
  { keys, models }: ServiceFacts,
): AcceptedCompletion | { refusal: Refusal } {
  const key = bearer === null ? EVERYONE : keys.find(bearer);
  if (key === undefined) return { refusal: unauthorized() };
  if (!isObject(body)) return { refusal: refusal(400, 'BadRequestError', 'no JSON object') };
  const faults = [...faultsOf(body)];
  if (faults.length > 0) return { refusal: refusal(400, 'BadRequestError', faults.join('; ')) };
  if (!models.some(({ id }) => id === body.model)) {
    const message = `The model \`${body.model}\` does not exist.`;
    return { refusal: refusal(404, 'NotFoundError', message) };
  }
  return { key, body: body as CompletionBody };
}

function* faultsOf(body: Record<string, unknown>): Generator<string> {
  for (const [name, value] of Object.entries(body)) {
    const accepts = PARAMS[name];
    if (accepts === undefined) yield `${name} is not known`;
    else if (!accepts(value)) yield `${name} can not be so`;
  }
  if (body.tool_choice !== undefined && body.tools === undefined) {
    yield 'tool_choice comes without tools';
  }
}

function isMessage(message: unknown): boolean {
  if (!isObject(message)) return false;
  return ['system', 'user', 'assistant', 'tool'].includes(String(message.role));
}

function isFunctionTool(tool: unknown): boolean {
  return isObject(tool) && tool.type === 'function' && isObject(tool.function);
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

function refusal(code: number, type: string, message: string): Refusal {
  const error = { message, type, param: null, code };
  return { reason: `${code} ${message}`, answer: jsonAnswer({ error }, code) };
}

function unauthorized(): Refusal {
  return { reason: '401', answer: jsonAnswer({ error: 'Unauthorized' }, 401) };
}
