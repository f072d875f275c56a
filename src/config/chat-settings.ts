import { modelAliases } from './model-aliases.ts';
import type { Setting } from './setting.ts';
import { boolean, integer, oneOf, text } from './setting-types.ts';

/** How a chat is answered when its request does not say. Part of the one list in `settings.ts`. */
export const CHAT_SETTINGS = {
  defaultModel: {
    name: 'DEFAULT_MODEL',
    aliases: ['MODEL_NAME', 'PRIMARY_MODEL'],
    sharedAliases: ['MODEL'],
    type: text('the name of a model'),
    default: 'GLM-4.6',
    doc: 'Model of a request that names none.',
  },
  modelAliases: {
    name: 'MODEL_ALIASES',
    entries: {
      THINKING_MODEL: 'GLM-4.5-Thinking',
      SEARCH_MODEL: 'GLM-4.5-Search',
      AIR_MODEL: 'GLM-4.5-Air',
      GLM_45V_MODEL: 'GLM-4.5V',
      GLM_46_MODEL: 'GLM-4.6',
      GLM_46_THINKING_MODEL: 'GLM-4.6-Thinking',
      GLM_47_MODEL: 'GLM-4.7',
      GLM_47_THINKING_MODEL: 'GLM-4.7-Thinking',
    },
    type: modelAliases,
    default: '',
    defaultInWords: 'none',
    doc:
      'Further names of models: `gpt-4o=GLM-4.6, claude-*=GLM-4.7`; `*` stands for any text in names ' +
      'that no model has. Each of the other names on the right adds one for the model it speaks of.',
  },
  enableThinking: {
    name: 'ENABLE_THINKING',
    type: boolean,
    default: null,
    defaultInWords: 'per model',
    doc: 'Whether models think when a request does not say.',
  },
  thinkingMode: {
    name: 'THINKING_MODE',
    aliases: ['THINKING_PROCESSING', 'THINK_TAGS_MODE'],
    type: oneOf(['reasoning', 'think', 'thinking', 'strip', 'raw', 'details']),
    default: 'reasoning',
    doc:
      'Where reasoning goes when a request has no `x-thinking-mode`: into `reasoning_content`, ' +
      'into the text between `<think>` or `<thinking>` tags, nowhere, into the text as the model ' +
      'wrote it, or into the text as a block that folds.',
  },
  toolSupport: {
    name: 'TOOL_SUPPORT',
    type: boolean,
    default: 'true',
    doc: 'Whether models may call the tools of a request; if not, its tools are left out.',
  },
  toolMode: {
    name: 'TOOL_MODE',
    type: oneOf(['native', 'prompt', 'auto']),
    default: 'auto',
    doc:
      "How tools reach the model: in the upstream's own fields, as text in the conversation, or " +
      'the former where it is known to work. Calls in text are understood in every mode.',
  },
  toolScanLimit: {
    name: 'TOOL_SCAN_LIMIT',
    aliases: ['SCAN_LIMIT'],
    type: integer(1_000, 10_000_000),
    default: '200000',
    doc: 'Characters held back of what may be a tool call, until it is recognized as one.',
  },
  defaultStream: {
    name: 'DEFAULT_STREAM',
    type: boolean,
    default: 'false',
    doc: 'Whether a reply is streamed when a request does not say.',
  },
} as const satisfies Record<string, Setting<unknown>>;
