import { curlChat, type Example, javascript, python } from './example.ts';

/** A whole reply. */
export const CHAT: Example = {
  id: 'chat',
  title: 'Ask, and get the whole reply',
  note: 'The base URL ends with <code>/v1</code>; everything else is as with OpenAI.',
  code: {
    curl: curlChat(`{
    "model": "GLM-4.6",
    "messages": [{"role": "user", "content": "Say hello in three languages."}]
  }`),
    python: python(`completion = client.chat.completions.create(
    model="GLM-4.6",
    messages=[{"role": "user", "content": "Say hello in three languages."}],
)
print(completion.choices[0].message.content)`),
    javascript: javascript(`const completion = await client.chat.completions.create({
  model: 'GLM-4.6',
  messages: [{ role: 'user', content: 'Say hello in three languages.' }],
});
console.log(completion.choices[0].message.content);`),
  },
};

/** A reply as it is written. */
export const STREAM: Example = {
  id: 'stream',
  title: 'Read the reply as it is written',
  note: 'With <code>include_usage</code> the last chunk has the token counts, and no choices.',
  code: {
    curl: curlChat(
      `{
    "model": "GLM-4.6",
    "stream": true,
    "stream_options": {"include_usage": true},
    "messages": [{"role": "user", "content": "Tell me a short story."}]
  }`,
      '-N ',
    ),
    python: python(`stream = client.chat.completions.create(
    model="GLM-4.6",
    messages=[{"role": "user", "content": "Tell me a short story."}],
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    elif chunk.usage:
        print(f"\\n{chunk.usage.total_tokens} tokens")`),
    javascript: javascript(`const stream = await client.chat.completions.create({
  model: 'GLM-4.6',
  messages: [{ role: 'user', content: 'Tell me a short story.' }],
  stream: true,
  stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  if (chunk.usage) console.log(\`\\n\${chunk.usage.total_tokens} tokens\`);
}`),
  },
};
