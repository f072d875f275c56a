import { type OperationDocs, operation } from '../docs/operation.ts';

const EXAMPLE = `# HELP glm_gateway_running_chats Chats that have a permit.
# TYPE glm_gateway_running_chats gauge
glm_gateway_running_chats 3
`;

/** What the reference says of `GET /metrics`, which may ask for a key or not. */
export const readMetricsDocs = (key: OperationDocs['key']) =>
  operation({
    id: 'readMetrics',
    tag: 'Service',
    summary: 'Numbers for Prometheus',
    description: 'Of this process since it began, in the text format.',
    key,
    answers: {
      200: {
        description: 'The numbers.',
        content: {
          'text/plain': {
            schema: 'MetricsText',
            examples: { one: { summary: 'One of them', value: EXAMPLE } },
          },
        },
      },
    },
  });
