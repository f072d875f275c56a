import type { UpstreamId } from '../../src/upstream-id.ts';
import { apiCallCases } from '../fixtures/replies/api-calls.ts';
import { apiChunkCases } from '../fixtures/replies/api-chunks.ts';
import { apiEndingCases } from '../fixtures/replies/api-endings.ts';
import { apiFailureCases } from '../fixtures/replies/api-failures.ts';
import { apiReasoningCases } from '../fixtures/replies/api-reasoning.ts';
import { apiSearchCases } from '../fixtures/replies/api-search.ts';
import { apiUsageCases } from '../fixtures/replies/api-usage.ts';
import { editCases } from '../fixtures/replies/edits.ts';
import { endingCases } from '../fixtures/replies/endings.ts';
import { failureCases } from '../fixtures/replies/failures.ts';
import { framingCases } from '../fixtures/replies/framing.ts';
import { glmCallCases } from '../fixtures/replies/glm-calls.ts';
import { heldEditCases } from '../fixtures/replies/held-edits.ts';
import { jsonCallCases } from '../fixtures/replies/json-calls.ts';
import { jsonReplyCases } from '../fixtures/replies/json-replies.ts';
import { limitCases } from '../fixtures/replies/limits.ts';
import { lookAlikeCases } from '../fixtures/replies/look-alikes.ts';
import { nativeCallCases } from '../fixtures/replies/native-calls.ts';
import { phaseCases } from '../fixtures/replies/phases.ts';
import { reasonedCallCases } from '../fixtures/replies/reasoned-calls.ts';
import { reasoningCases } from '../fixtures/replies/reasoning.ts';
import { searchCases } from '../fixtures/replies/search.ts';
import { thinkingModeCases } from '../fixtures/replies/thinking-modes.ts';
import { toolBlockCases } from '../fixtures/replies/tool-blocks.ts';
import { toolChoiceCases } from '../fixtures/replies/tool-choices.ts';
import { unicodeCases } from '../fixtures/replies/unicode.ts';
import { usageCases } from '../fixtures/replies/usage.ts';
import type { ReplyCase } from './reply-case.ts';

type Topics = Readonly<Record<string, readonly ReplyCase[]>>;

const WEB_TOPICS: Topics = {
  framing: framingCases,
  endings: endingCases,
  failures: failureCases,
  phases: phaseCases,
  reasoning: reasoningCases,
  'thinking modes': thinkingModeCases,
  edits: editCases,
  'edits of held text': heldEditCases,
  unicode: unicodeCases,
  usage: usageCases,
  'native calls': nativeCallCases,
  'tool blocks': toolBlockCases,
  'calls as JSON': jsonCallCases,
  'calls in GLM form': glmCallCases,
  'calls in reasoning': reasonedCallCases,
  'look-alikes': lookAlikeCases,
  'tool choice': toolChoiceCases,
  search: searchCases,
  limits: limitCases,
  'JSON replies': jsonReplyCases,
};

const API_TOPICS: Topics = {
  'API chunks': apiChunkCases,
  'API endings': apiEndingCases,
  'API failures': apiFailureCases,
  'API reasoning': apiReasoningCases,
  'API usage': apiUsageCases,
  'API calls': apiCallCases,
  'API search': apiSearchCases,
};

type TitledReply = readonly [title: string, reply: ReplyCase];

/** The whole corpus, each case under its topic and name. */
export const ALL_REPLIES: readonly TitledReply[] = [
  ...titled(WEB_TOPICS, 'zai-web'),
  ...titled(API_TOPICS, 'zai-api'),
];

function titled(topics: Topics, wire: UpstreamId): TitledReply[] {
  return Object.entries(topics).flatMap(([topic, cases]) =>
    cases.map((reply) => [`${topic}: ${reply.name}`, { ...reply, wire }] as const),
  );
}
