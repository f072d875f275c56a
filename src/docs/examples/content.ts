import { curlChat, type Example, javascript, python } from './example.ts';

/** A picture in a message. */
export const IMAGE: Example = {
  id: 'image',
  title: 'Show a picture',
  note:
    'To a model that sees. The URL is a public one, or a data URL; at chat.z.ai it takes an account, ' +
    'guests cannot.',
  code: {
    curl: curlChat(`{
    "model": "GLM-4.5V",
    "messages": [{"role": "user", "content": [
      {"type": "text", "text": "What is in this picture?"},
      {"type": "image_url", "image_url": {"url": "https://www.gstatic.com/webp/gallery/1.jpg"}}
    ]}]
  }`),
    python: python(`completion = client.chat.completions.create(
    model="GLM-4.5V",
    messages=[{"role": "user", "content": [
        {"type": "text", "text": "What is in this picture?"},
        {"type": "image_url", "image_url": {"url": "https://www.gstatic.com/webp/gallery/1.jpg"}},
    ]}],
)
print(completion.choices[0].message.content)`),
    javascript: javascript(`const url = 'https://www.gstatic.com/webp/gallery/1.jpg';
const completion = await client.chat.completions.create({
  model: 'GLM-4.5V',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is in this picture?' },
        { type: 'image_url', image_url: { url } },
      ],
    },
  ],
});
console.log(completion.choices[0].message.content);`),
  },
};

/** A reply that fits a schema. */
export const JSON_OUTPUT: Example = {
  id: 'json',
  title: 'Get JSON that fits a schema',
  note: 'The reply is checked against the schema before it comes, and so comes in one piece.',
  code: {
    curl: curlChat(`{
    "model": "GLM-4.6",
    "messages": [{"role": "user", "content": "Which planet is the largest, and how many moons has it?"}],
    "response_format": {
      "type": "json_schema",
      "json_schema": {
        "name": "planet",
        "schema": {
          "type": "object",
          "properties": {"name": {"type": "string"}, "moons": {"type": "integer"}},
          "required": ["name", "moons"]
        }
      }
    }
  }`),
    python: python(`import json

completion = client.chat.completions.create(
    model="GLM-4.6",
    messages=[{"role": "user", "content": "Which planet is the largest, and how many moons has it?"}],
    response_format={
        "type": "json_schema",
        "json_schema": {
            "name": "planet",
            "schema": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "moons": {"type": "integer"}},
                "required": ["name", "moons"],
            },
        },
    },
)
print(json.loads(completion.choices[0].message.content))`),
    javascript: javascript(`const completion = await client.chat.completions.create({
  model: 'GLM-4.6',
  messages: [
    { role: 'user', content: 'Which planet is the largest, and how many moons has it?' },
  ],
  response_format: {
    type: 'json_schema',
    json_schema: {
      name: 'planet',
      schema: {
        type: 'object',
        properties: { name: { type: 'string' }, moons: { type: 'integer' } },
        required: ['name', 'moons'],
      },
    },
  },
});
console.log(JSON.parse(completion.choices[0].message.content));`),
  },
};
