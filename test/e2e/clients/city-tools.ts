import type { JSONSchema } from 'openai/lib/jsonschema';
import { apiToolModel } from '../../support/zai-api/scenarios/tool-model.ts';
import type { CalledTool } from '../../support/zai-web/scenarios/tool-call.ts';
import { type ToolModel, toolModel } from '../../support/zai-web/scenarios/tool-model.ts';

/** What a test's tools were called with, in order. */
export type CallLog = { tool: 'locate' | 'weather'; arguments: unknown }[];

interface Place {
  lat: number;
  lon: number;
}

/** The schemas of the tools, as plain JSON schema. */
export const LOCATE_SCHEMA: JSONSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, note: { type: 'string' } },
  required: ['city'],
};

export const WEATHER_SCHEMA: JSONSchema = {
  type: 'object',
  properties: {
    places: {
      type: 'array',
      items: {
        type: 'object',
        properties: { lat: { type: 'number' }, lon: { type: 'number' } },
      },
    },
    days: { type: 'integer' },
  },
  required: ['places', 'days'],
};

const PARIS = { city: 'Paris', note: 'the "big" one\n  <in> Île-de-France 🗼' };
const ROME = { city: 'Rome' };
const PLACES = {
  places: [
    { lat: 48.86, lon: 2.35 },
    { lat: 41.9, lon: 12.5 },
  ],
  days: 3,
};

/** In the first round one tool twice, in the second another with what the first brought. */
const ROUNDS: readonly (readonly CalledTool[])[] = [
  [
    { id: 'call_paris', name: 'locate', arguments: PARIS },
    { id: 'call_rome', name: 'locate', arguments: ROME },
  ],
  [{ id: 'call_weather', name: 'weather', arguments: PLACES }],
];

/** The calls that a client's tools must have seen. */
export const EXPECTED_CALLS: CallLog = [
  { tool: 'locate', arguments: PARIS },
  { tool: 'locate', arguments: ROME },
  { tool: 'weather', arguments: PLACES },
];

export const FINAL_ANSWER = 'It is sunny: {"lat":48.86,"lon":2.35} {"lat":41.9,"lon":12.5} "sunny"';

/** Where a city is: the `locate` tool. */
export function locate({ city }: { city: string }): Place {
  return city === 'Paris' ? { lat: 48.86, lon: 2.35 } : { lat: 41.9, lon: 12.5 };
}

function sunnyAnswer(results: readonly string[]): string {
  return `It is sunny: ${results.join(' ')}`;
}

/** A model that calls in this style, and answers with all that it was told. */
export function cityModel(style: ToolModel['style']) {
  return toolModel({ style, rounds: ROUNDS, answer: sunnyAnswer });
}

/** The same model on the official API. */
export function apiCityModel() {
  return apiToolModel({ rounds: ROUNDS, answer: sunnyAnswer });
}

/** Every way in which tools reach a model and its calls come back. */
export const TOOL_WAYS = [
  ['native', 'frames'],
  ['native', 'glm-block'],
  ['native', 'json-text'],
  ['prompt', 'glm-text'],
  ['prompt', 'glm-text-flat'],
  ['prompt', 'json-text'],
  ['prompt', 'fenced-json'],
] as const;
