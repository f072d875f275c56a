import { curlChat, type Example, javascript, python } from './example.ts';

/** Reasoning, apart from the answer. */
export const THINKING: Example = {
  id: 'thinking',
  title: 'Let the model think first',
  note:
    'The name <code>GLM-4.6-Thinking</code> does the same. The reasoning comes in ' +
    '<code>reasoning_content</code>; the header <code>x-thinking-mode</code> puts it elsewhere.',
  code: {
    curl: curlChat(`{
    "model": "GLM-4.6",
    "thinking": {"type": "enabled"},
    "messages": [{"role": "user", "content": "Is 391 a prime number?"}]
  }`),
    python: python(`completion = client.chat.completions.create(
    model="GLM-4.6",
    messages=[{"role": "user", "content": "Is 391 a prime number?"}],
    extra_body={"thinking": {"type": "enabled"}},
)
message = completion.choices[0].message
print("Thought:", getattr(message, "reasoning_content", None))
print("Answer:", message.content)`),
    javascript: javascript(`const completion = await client.chat.completions.create({
  model: 'GLM-4.6',
  messages: [{ role: 'user', content: 'Is 391 a prime number?' }],
  thinking: { type: 'enabled' },
});
const { message } = completion.choices[0];
console.log('Thought:', message.reasoning_content);
console.log('Answer:', message.content);`),
  },
};
