import type { Scenario } from '../../zai-web/scenario.ts';
import type { CompletionBody } from '../check-completion.ts';
import { plainAnswer } from './answers.ts';
import { type CalledTool, toolCalls } from './tool-calls.ts';

/** What a tool model does. */
export interface ApiToolModel {
  /** What it calls in its first reply, in its second, … The calls of one round come together. */
  rounds: readonly (readonly Required<CalledTool>[])[];
  /** Its last reply, made of all results in the order of the calls. */
  answer: (results: readonly string[]) => string;
}

/**
 * A script: a model that calls tools, reads their results out of the conversation, and answers. A round
 * whose results are not all there it calls again.
 */
export function apiToolModel(model: ApiToolModel): (request: { body: CompletionBody }) => Scenario {
  return ({ body }) => {
    const results = readResults(body);
    let answered = 0;
    for (const round of model.rounds) {
      const ids = round.map(({ id }) => id);
      if (!ids.every((id) => results.has(id))) return callOrComplain(body, round);
      answered += round.length;
    }
    if (answered !== results.size) return plainAnswer('There are results of calls I did not make.');
    return plainAnswer(model.answer([...results.values()]));
  };
}

/** By the id of the call, in the order of the calls. */
function readResults({ messages }: CompletionBody): Map<string, string> {
  const told = new Map(
    messages
      .filter(({ role }) => role === 'tool')
      .map(({ tool_call_id: id, content }) => [String(id), String(content)]),
  );
  const called = messages.flatMap(({ tool_calls: calls = [] }) => calls as { id: string }[]);
  return new Map(called.flatMap(({ id }) => (told.has(id) ? [[id, told.get(id) ?? '']] : [])));
}

function callOrComplain({ tools = [] }: CompletionBody, round: readonly CalledTool[]): Scenario {
  const offered = (tools as { function?: { name: string } }[]).map((tool) => tool.function?.name);
  const missing = round.filter(({ name }) => !offered.includes(name));
  if (missing.length === 0) return toolCalls(round);
  return plainAnswer(`I have no tool ${missing.map(({ name }) => name).join(', ')}.`);
}
