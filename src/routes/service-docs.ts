import { operation } from '../docs/operation.ts';

const READY = {
  status: 'ready',
  checks: { worker: true, upstream: true, accepting: true },
  upstreams: { 'zai-web': { ready: true } },
};

const NOT_READY = {
  status: 'not ready',
  checks: { worker: true, upstream: false, accepting: true },
  upstreams: {
    'zai-web': {
      ready: false,
      code: 'upstream_credentials_exhausted',
      message: 'The gateway has no chat.z.ai credential: set ZAI_TOKENS.',
      retry_after: null,
    },
  },
};

/** What the reference says of `GET /`. */
export const DESCRIBE_SERVICE = operation({
  id: 'describeService',
  tag: 'Service',
  summary: 'Name, version, and where to go from here',
  key: null,
  answers: {
    200: { description: 'What this is.', content: { 'application/json': { schema: 'Service' } } },
  },
});

/** What the reference says of `GET /health`. */
export const CHECK_HEALTH = operation({
  id: 'checkHealth',
  tag: 'Service',
  summary: 'Whether the process answers',
  key: null,
  answers: {
    200: { description: 'It does.', content: { 'application/json': { schema: 'Health' } } },
  },
});

/** What the reference says of `GET /ready`. */
export const CHECK_READINESS = operation({
  id: 'checkReadiness',
  tag: 'Service',
  summary: 'Whether a chat sent now could be served',
  description: 'As far as is known without asking an upstream. One upstream that serves is enough.',
  key: null,
  answers: {
    200: {
      description: 'It could.',
      content: {
        'application/json': {
          schema: 'Readiness',
          examples: { ready: { summary: 'Ready', value: READY } },
        },
      },
    },
    503: {
      description: 'It could not; the body says why.',
      content: {
        'application/json': {
          schema: 'Readiness',
          examples: { 'not-ready': { summary: 'No credential', value: NOT_READY } },
        },
      },
    },
  },
});
