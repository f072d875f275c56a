import type { TestGateway } from '../../support/start-gateway.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';
import { withGateway } from '../../support/with-gateway.ts';
import * as api from '../../support/zai-api/scenarios/answers.ts';
import { REPORTED_USAGE as API_USAGE } from '../../support/zai-api/scenarios/chunks.ts';
import * as web from '../../support/zai-web/scenarios/answers.ts';
import { REPORTED_USAGE as WEB_USAGE } from '../../support/zai-web/scenarios/frames.ts';
import { thinkingThenAnswer } from '../../support/zai-web/scenarios/thinking.ts';
import { apiCityModel, cityModel } from './city-tools.ts';

/** What the model behind an upstream is like. */
type ModelRole = 'thinker' | 'caller' | 'writer of JSON';

/** An upstream, whichever it is, that serves a gateway. */
export interface ServingUpstream {
  id: string;
  usage: { input: number; output: number };
  /** Runs a test against a gateway that is served by such a model. */
  serve(role: ModelRole, run: (gateway: TestGateway) => Promise<void>): Promise<void>;
}

export const REASONING = 'Hm,\nso.';
export const ANSWER = 'Hello 🌍';
/** The object that the writer of JSON writes. */
export const CITY = { name: 'Paris', population: 2_100_000 };

const WEB_SCRIPTS = {
  thinker: thinkingThenAnswer(REASONING, ANSWER),
  caller: cityModel('glm-text'),
  'writer of JSON': web.plainAnswer(`\`\`\`json\n${JSON.stringify(CITY)}\n\`\`\``),
};

const API_SCRIPTS = {
  thinker: api.thinkingThenAnswer(REASONING, ANSWER),
  caller: apiCityModel(),
  'writer of JSON': api.plainAnswer(JSON.stringify(CITY)),
};

/** Each upstream that a gateway may have. */
export const SERVING_UPSTREAMS: readonly ServingUpstream[] = [
  {
    id: 'zai-web',
    usage: { input: WEB_USAGE.prompt_tokens, output: WEB_USAGE.completion_tokens },
    serve: (role, run) => withGateway({ script: WEB_SCRIPTS[role] }, ({ gateway }) => run(gateway)),
  },
  {
    id: 'zai-api',
    usage: { input: API_USAGE.prompt_tokens, output: API_USAGE.completion_tokens },
    serve: (role, run) =>
      withApiGateway({ script: API_SCRIPTS[role] }, async ({ gateway, api: { requests } }) => {
        await run(gateway);
        const refused = requests.flatMap(({ refusal }) => refusal ?? []);
        if (refused.length > 0) throw new Error(`the strict service refused: ${refused}`);
      }),
  },
];
