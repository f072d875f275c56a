import { createJsonStage } from './json/json-stage.ts';
import type { PartSink, Stage } from './part.ts';
import type { ReplyRules, ToolRules } from './reply-rules.ts';
import { referenceRemovalStage, searchReferenceStage } from './search/search-references.ts';
import { createLengthStage } from './stages/length-stage.ts';
import { createStopStage } from './stages/stop-stage.ts';
import { createThinkingStage } from './stages/thinking-stage.ts';
import { createUsageStage } from './stages/usage-stage.ts';
import { createCallId } from './tool-calls/call-id.ts';
import { createToolCallStage } from './tool-calls/tool-call-stage.ts';
import { createToolChoiceStage } from './tool-calls/tool-choice-stage.ts';
import { wholeArgumentsStage } from './tool-calls/whole-arguments-stage.ts';

export interface StageNeeds {
  /** Whether the client gets to see usage. */
  showsUsage: boolean;
  /** All text the model was given; asked for once at most, and only to estimate its tokens. */
  promptText: () => string;
}

export interface ReplyStages {
  /**
   * They say what the reply is: text, calls, JSON, where it ends. They hold text back until they know,
   * so of a reply that changes they read all anew.
   */
  reading: readonly Stage[];
  /** They put it as the client wants it, and follow what the client gets. */
  showing: readonly Stage[];
}

/**
 * The stages between a reply and its writer that its rules ask for, in order; none for plain text.
 *
 * | stage | why here |
 * | --- | --- |
 * | length | what is beyond the limit is to be read by nobody |
 * | calls in text, tool choice | calls are not text any more |
 * | JSON, stop sequences | both are about the text that is left, as the model wrote it; see below |
 * | *up to here the reply is read, from here on it is shown* | what was sent stays sent |
 * | whole arguments | a stop sequence may have ended the reply amid a call of the upstream's |
 * | usage | counts that text |
 * | thinking | from here on reasoning may be part of the text |
 * | search references | citations are places in the text that the client gets |
 *
 * For a JSON reply, references are taken out before the JSON is read. Where a call is required, stop
 * sequences come before the tool choice: a reply that one cuts off before its call has no call.
 */
export function stagesOf(rules: ReplyRules, needs: StageNeeds): ReplyStages {
  return { reading: readingStages(rules), showing: showingStages(rules, needs) };
}

function readingStages({ tools, stop, maxTokens, json, search }: ReplyRules): Stage[] {
  const mustCall = tools !== null && tools.choice !== 'auto';
  const stages: Stage[] = [];
  if (maxTokens !== null) stages.push(createLengthStage(maxTokens));
  if (search && json !== null) stages.push(referenceRemovalStage);
  if (tools !== null) stages.push(toolCallStage(tools));
  if (stop.length > 0 && mustCall) stages.push(createStopStage(stop));
  if (tools !== null) stages.push(createToolChoiceStage(tools));
  if (json !== null) stages.push(createJsonStage(json));
  if (stop.length > 0 && !mustCall) stages.push(createStopStage(stop));
  return stages;
}

function showingStages(
  { thinking, tools, json, search }: ReplyRules,
  { showsUsage, promptText }: StageNeeds,
): Stage[] {
  const stages: Stage[] = [];
  if (tools !== null) stages.push(wholeArgumentsStage);
  if (showsUsage) stages.push(createUsageStage({ promptText }));
  if (thinking !== 'reasoning' && thinking !== 'raw') stages.push(createThinkingStage(thinking));
  if (search && json === null) stages.push(searchReferenceStage);
  return stages;
}

/** Its calls have the same ids whenever the reply is read anew. */
function toolCallStage(tools: ToolRules): Stage {
  const ids: string[] = [];
  return (next) => {
    let used = 0;
    const nextId = () => {
      const id = ids[used] ?? createCallId();
      ids[used] = id;
      used += 1;
      return id;
    };
    return createToolCallStage(tools, nextId)(next);
  };
}

/** Puts stages in front of a sink: the first takes the parts, the last hands them to the sink. */
export function throughStages(stages: readonly Stage[], sink: PartSink): PartSink {
  return stages.reduceRight((next, stage) => stage(next), sink);
}
