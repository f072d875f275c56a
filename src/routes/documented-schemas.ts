import { type TObject, Type } from '@sinclair/typebox';
import { ChatCompletion } from '../openai/chat-completion.ts';
import { ChatCompletionChunk } from '../openai/chat-completion-chunk.ts';
import { ChatMessage } from '../openai/chat-message.ts';
import { ChatCompletionRequest } from '../openai/chat-request.ts';
import { FunctionDefinition, Tool, ToolChoice } from '../openai/chat-tools.ts';
import { ErrorObject } from '../openai/error-object.ts';
import { ModelObject } from '../openai/model-object.ts';
import { TokenUsage } from '../openai/token-usage.ts';
import { CHAT_PARAMETERS } from './chat-parameters.ts';
import {
  DeletedLogRule,
  LogLevelChange,
  LogLevelObject,
  LogRuleList,
  LogRuleObject,
  NewLogRule,
} from './log-schema.ts';
import {
  RequestList,
  RequestObject,
  ToldRequestList,
  ToldRequestObject,
} from './requests-schema.ts';
import { HealthObject, ReadinessObject, ServiceObject } from './service-schema.ts';
import { StatsObject } from './stats-schema.ts';
import {
  DeletedToken,
  HealthCheckRequest,
  HealthCheckResult,
  NewToken,
  PoolStatus,
  TokenChange,
  TokenList,
  TokenObject,
  TokenObjectList,
  UpdateResult,
} from './token-pool-schema.ts';

/** The schemas that the reference shows under a name, those that requests are checked with first. */
export const DOCUMENTED_SCHEMAS = {
  ChatCompletionRequest: describeProperties(ChatCompletionRequest, CHAT_PARAMETERS),
  ChatMessage,
  Tool,
  ToolChoice,
  FunctionDefinition,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionStream: Type.String({ description: 'Server-sent events.' }),
  TokenUsage,
  Model: ModelObject,
  ModelList: Type.Object({ object: Type.Literal('list'), data: Type.Array(ModelObject) }),
  Error: ErrorObject,
  PoolStatus,
  Token: TokenObject,
  TokenList: TokenObjectList,
  NewToken,
  NewTokens: TokenList,
  TokenChange,
  DeletedToken,
  UpdateResult,
  HealthCheckRequest,
  HealthCheckResult,
  Stats: StatsObject,
  Request: RequestObject,
  RequestList,
  ToldRequest: ToldRequestObject,
  ToldRequestList,
  CsvTable: Type.String({ description: 'A table.' }),
  LogLevel: LogLevelObject,
  LogLevelChange,
  LogRule: LogRuleObject,
  LogRuleList,
  NewLogRule,
  DeletedLogRule,
  MetricsText: Type.String({ description: 'Prometheus’ text format.' }),
  Service: ServiceObject,
  Health: HealthObject,
  Readiness: ReadinessObject,
} as const;

export type SchemaName = keyof typeof DOCUMENTED_SCHEMAS;

function describeProperties(
  schema: TObject,
  descriptions: Readonly<Record<string, string>>,
): TObject {
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [
      name,
      { ...property, description: descriptions[name] ?? '' },
    ]),
  );
  return { ...schema, properties };
}
