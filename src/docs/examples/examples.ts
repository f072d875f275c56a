import { CHAT, STREAM } from './chat.ts';
import { IMAGE, JSON_OUTPUT } from './content.ts';
import type { Example } from './example.ts';
import { MODELS, TOKENS } from './service.ts';
import { THINKING } from './thinking.ts';
import { TOOLS } from './tools.ts';

/** All examples, the first things first. */
export const EXAMPLES: readonly Example[] = [
  CHAT,
  STREAM,
  THINKING,
  TOOLS,
  IMAGE,
  JSON_OUTPUT,
  MODELS,
  TOKENS,
];
