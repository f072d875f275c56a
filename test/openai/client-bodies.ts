/**
 * Request bodies in the shapes that clients are publicly known to send, shortened in text only.
 * Each must be accepted, and reach the handler as it is.
 */

const readFileTool = {
  type: 'function',
  function: {
    name: 'read_file',
    description: 'Reads a file of the workspace.',
    strict: true,
    parameters: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Relative path' } },
      required: ['path'],
      additionalProperties: false,
      $schema: 'http://json-schema.org/draft-07/schema#',
    },
  },
};

export const clientBodies: Record<string, Record<string, unknown>> = {
  'OpenAI SDK, one question': {
    model: 'GLM-4.6',
    messages: [
      { role: 'developer', content: 'Talk like a pirate.' },
      { role: 'user', content: 'Are semicolons optional in JavaScript?' },
    ],
  },
  'OpenAI SDK, streaming with usage': {
    model: 'GLM-4.6',
    messages: [{ role: 'user', content: 'Say this is a test 🌍 你好' }],
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
  },
  'OpenAI SDK, a finished tool call in the history': {
    model: 'GLM-4.6',
    messages: [
      { role: 'user', content: 'What is in a.txt?' },
      {
        role: 'assistant',
        content: null,
        refusal: null,
        annotations: [],
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'read_file', arguments: '{"path":"a.txt"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'hello' },
    ],
    tools: [readFileTool],
    tool_choice: 'auto',
    parallel_tool_calls: false,
  },
  'OpenAI SDK, structured output and a custom tool': {
    model: 'GLM-4.6',
    messages: [
      { role: 'user', content: 'Extract it.' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_2', type: 'custom', custom: { name: 'run', input: 'ls' } }],
      },
    ],
    tools: [{ type: 'custom', custom: { name: 'run', format: { type: 'text' } } }, readFileTool],
    tool_choice: { type: 'function', function: { name: 'read_file' } },
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'event', strict: true, schema: { type: 'object', properties: {} } },
    },
  },
  'OpenAI SDK, images': {
    model: 'GLM-4.5V',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What do you see?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
        ],
      },
    ],
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'mp3' },
  },
  'OpenAI SDK, every other parameter': {
    model: 'GLM-4.6',
    messages: [{ role: 'user', content: 'hi', name: 'ann' }],
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    logit_bias: { '50256': -100 },
    logprobs: true,
    top_logprobs: 3,
    max_completion_tokens: 100,
    metadata: { project: 'x' },
    moderation: { model: 'omni' },
    n: 2,
    prediction: { type: 'content', content: [{ type: 'text', text: 'x' }] },
    prompt_cache_key: 'k',
    prompt_cache_options: { mode: 'explicit' },
    prompt_cache_retention: '24h',
    reasoning_effort: 'xhigh',
    safety_identifier: 'u',
    seed: 7,
    service_tier: 'flex',
    stop: ['END', 'STOP'],
    store: true,
    temperature: 2,
    top_p: 0,
    user: 'u',
    verbosity: 'low',
    web_search_options: { search_context_size: 'low' },
  },
  'a client that writes null for every field it does not set': {
    model: null,
    messages: [{ role: 'user', content: 'hi', name: null, tool_calls: null, function_call: null }],
    stream: null,
    stream_options: null,
    temperature: null,
    top_p: null,
    max_tokens: null,
    n: null,
    stop: null,
    tools: null,
    tool_choice: null,
    functions: null,
    response_format: null,
    logit_bias: null,
    user: null,
    thinking: null,
    enable_thinking: null,
    reasoning_effort: null,
  },
  'a client of the functions era': {
    model: 'GLM-4.5',
    messages: [
      { role: 'user', content: 'weather?' },
      { role: 'assistant', content: '', function_call: { name: 'weather', arguments: '{}' } },
      { role: 'function', name: 'weather', content: 'sunny' },
    ],
    functions: [{ name: 'weather', parameters: { type: 'object', properties: {} } }],
    function_call: { name: 'weather' },
  },
  Cline: {
    model: 'glm-4.6',
    messages: [
      { role: 'system', content: 'You are Cline, a software engineer.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '<task>\nFix it\n</task>' },
          { type: 'text', text: '<environment_details>\n# Files\n</environment_details>' },
        ],
      },
      {
        role: 'assistant',
        content: '<thinking>…</thinking>\n<read_file><path>a</path></read_file>',
      },
      { role: 'user', content: [{ type: 'text', text: '[read_file] Result:\nhello' }] },
    ],
    temperature: 0,
    max_tokens: 8192,
    stream: true,
    stream_options: { include_usage: true },
  },
  'Roo Code': {
    model: 'glm-4.6',
    max_tokens: 98304,
    temperature: 0.6,
    messages: [
      { role: 'system', content: 'You are Roo.' },
      { role: 'user', content: [{ type: 'text', text: 'Go on' }] },
      {
        role: 'assistant',
        content: '',
        reasoning_content: 'The file comes first.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'read_file', arguments: '{}' } },
          { id: 'call_b', type: 'function', function: { name: 'read_file', arguments: '' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: 'hello' },
      { role: 'tool', tool_call_id: 'call_b', content: [{ type: 'text', text: 'there' }] },
    ],
    stream: true,
    stream_options: { include_usage: true },
    thinking: { type: 'enabled' },
    tools: [readFileTool],
    tool_choice: 'auto',
    parallel_tool_calls: true,
  },
  'Kilo Code': {
    model: 'z-ai/glm-4.6',
    messages: [
      {
        role: 'system',
        content: [{ type: 'text', text: 'You are Kilo.', cache_control: { type: 'ephemeral' } }],
      },
      { role: 'user', content: 'Go on' },
      {
        role: 'assistant',
        content: 'Yes.',
        reasoning: 'Hm.',
        reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0, format: 'unknown' }],
      },
      { role: 'user', content: [{ type: 'text', text: 'Then do.' }] },
    ],
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
    usage: { include: true },
    reasoning: { effort: 'medium', exclude: false },
    provider: { order: ['z-ai'], only: ['z-ai'], allow_fallbacks: false },
    transforms: ['middle-out'],
    prompt_cache_key: 'task-1',
  },
  'claude-code-router': {
    model: 'glm-4.6',
    max_tokens: 32000,
    stream: true,
    messages: [
      {
        role: 'system',
        content: [
          { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>…</system-reminder>' },
          { type: 'text', text: 'Fix it', cache_control: { type: 'ephemeral' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'Read', arguments: '{}' } },
        ],
        thinking: { content: 'I read first.', signature: 'abc' },
      },
      {
        role: 'tool',
        tool_call_id: 'toolu_1',
        content: '[{"type":"text"}]',
        cache_control: { type: 'ephemeral' },
      },
    ],
    tools: [readFileTool],
    tool_choice: 'auto',
    reasoning: { effort: 'high', enabled: true },
  },
  LangChain: {
    model: 'GLM-4.6',
    messages: [
      { content: 'You are helpful.', role: 'system' },
      { content: 'Add 2 and 3', role: 'user' },
      {
        content: null,
        role: 'assistant',
        tool_calls: [
          { type: 'function', id: 'c1', function: { name: 'add', arguments: '{"a": 2, "b": 3}' } },
        ],
      },
      { content: '5', role: 'tool', tool_call_id: 'c1' },
    ],
    n: 1,
    stream: false,
    temperature: 0.7,
    tools: [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }],
  },
  'Open WebUI': {
    stream: true,
    model: 'GLM-4.6-Thinking',
    messages: [
      { role: 'system', content: 'User Context:\n\nNone' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
    ],
    temperature: 0.8,
    top_k: 40,
    top_p: 0.9,
    min_p: 0,
    frequency_penalty: 0,
    repeat_penalty: 1.1,
    seed: 0,
    stop: ['</s>'],
    max_tokens: 1024,
    stream_options: { include_usage: true },
    features: { web_search: false },
    metadata: { chat_id: 'c', files: [{ id: 'f', meta: { size: 1 } }] },
  },
  'Z.ai SDK': {
    model: 'glm-4.6',
    messages: [{ role: 'user', content: 'hi' }],
    thinking: { type: 'disabled', clear_thinking: true },
    do_sample: true,
    tool_stream: true,
    request_id: 'r-1',
    user_id: 'u-1',
    tools: [{ type: 'web_search', web_search: { enable: true, search_engine: 'search_pro' } }],
  },
  'vLLM and SGLang habits': {
    model: 'glm-4.6',
    messages: [{ role: 'user', content: '' }],
    enable_thinking: false,
    web_search: true,
    top_k: -1,
    repetition_penalty: 1.05,
    chat_template_kwargs: { enable_thinking: false },
  },
};
