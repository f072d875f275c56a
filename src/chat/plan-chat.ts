import type { Config } from '../config/settings.ts';
import type { CallForm } from '../convert/reply-converter.ts';
import type { ReplyRules } from '../convert/reply-rules.ts';
import { ModelNotFoundError } from '../errors.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import { resolveThinking } from '../models/resolve-thinking.ts';
import { resolveWebSearch } from '../models/resolve-web-search.ts';
import type { ChatCompletionRequest } from '../openai/chat-request.ts';
import { droppedParams } from '../openai/dropped-params.ts';
import type { OfferedTools, UpstreamRequest } from '../upstream/upstream-request.ts';
import type { ChatCall } from './chat-call.ts';
import { type ImageSource, placeImages } from './image-places.ts';
import type { LiveModelList } from './live-model-list.ts';
import { planRules, type RuleSettings } from './plan-rules.ts';
import { callFormOf } from './plan-tools.ts';

/** What every upstream is asked; how it is told of the tools, each knows best. */
export interface PlannedRequest extends Omit<UpstreamRequest, 'tools' | 'reminder'> {
  tools: Omit<OfferedTools, 'delivery'> | null;
}

/** What a request comes to, once names are resolved and defaults are settled. */
export interface ChatPlan {
  model: ResolvedModel;
  shape: 'stream' | 'whole';
  includeUsage: boolean;
  callForm: CallForm;
  /** How many replies are wanted (`n`), from 1. */
  choices: number;
  request: PlannedRequest;
  /** What stands in the request's messages as places. */
  images: readonly ImageSource[];
  rules: ReplyRules;
  /** The request as it came. */
  asked: ChatCompletionRequest;
  /** Parameters the client set that not every upstream honours. */
  droppedParams: string[];
}

/** What planning asks of the gateway. */
export interface PlanSources {
  models: ModelDirectory;
  liveModels: LiveModelList;
  settings: Pick<Config, 'defaultModel' | 'defaultStream' | 'enableThinking'> & RuleSettings;
}

/** @throws ModelNotFoundError; InvalidRequestError for what no upstream can be asked. */
export async function planChat(
  call: Pick<ChatCall, 'request' | 'thinkingMode'>,
  sources: PlanSources,
): Promise<ChatPlan> {
  const { request } = call;
  const { settings } = sources;
  const model = await findModel(request.model || settings.defaultModel, sources);
  const { messages, images } = placeImages(request.messages, model);
  const rules = planRules(call, model, settings);
  return {
    model,
    shape: replyShape(request, settings),
    includeUsage: request.stream_options?.include_usage ?? false,
    callForm: callFormOf(request),
    choices: request.n ?? 1,
    request: {
      messages,
      temperature: request.temperature ?? null,
      topP: request.top_p ?? null,
      doSample: request.do_sample ?? null,
      seed: request.seed ?? null,
      frequencyPenalty: request.frequency_penalty ?? null,
      presencePenalty: request.presence_penalty ?? null,
      maxTokens: rules.maxTokens,
      stop: rules.stop,
      thinking: resolveThinking(request, model, settings.enableThinking),
      clearThinking: request.thinking?.clear_thinking ?? null,
      webSearch: resolveWebSearch(request, model),
      tools: rules.tools,
      json: rules.json,
      user: request.user_id ?? request.user ?? null,
    },
    images,
    rules,
    asked: request,
    droppedParams: droppedParams(request, settings.toolSupport),
  };
}

/** Whether a reply is streamed is known before anything else of the plan. */
export function replyShape(
  request: ChatCompletionRequest,
  settings: Pick<Config, 'defaultStream'>,
): ChatPlan['shape'] {
  return (request.stream ?? settings.defaultStream) ? 'stream' : 'whole';
}

/** A name that is not in the catalog may be a model's that came out since. */
async function findModel(name: string, sources: PlanSources): Promise<ResolvedModel> {
  const { models, liveModels } = sources;
  const known = models.find(name);
  if (known !== null) return known;
  await liveModels.refresh();
  const found = models.find(name) ?? models.presume(name);
  if (found === null) throw new ModelNotFoundError(name);
  return found;
}
