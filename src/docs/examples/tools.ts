import { curlChat, type Example, javascript, python } from './example.ts';

/** A function that the model calls, and the answer it makes of the result. */
export const TOOLS: Example = {
  id: 'tools',
  title: 'Let the model call a function',
  note: 'It answers with <code>tool_calls</code>; run them, and send back what they returned.',
  code: {
    curl: curlChat(`{
    "model": "GLM-4.6",
    "messages": [{"role": "user", "content": "What is the weather in Oslo?"}],
    "tools": [{
      "type": "function",
      "function": {
        "name": "get_weather",
        "description": "The weather in a city, now.",
        "parameters": {
          "type": "object",
          "properties": {"city": {"type": "string"}},
          "required": ["city"]
        }
      }
    }]
  }`),
    python: python(`import json

def get_weather(city):
    return {"city": city, "celsius": -3, "sky": "clear"}

tools = [{
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city, now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}]
messages = [{"role": "user", "content": "What is the weather in Oslo?"}]

completion = client.chat.completions.create(model="GLM-4.6", messages=messages, tools=tools)
message = completion.choices[0].message
messages.append(message)
for call in message.tool_calls or []:
    result = get_weather(**json.loads(call.function.arguments))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})

completion = client.chat.completions.create(model="GLM-4.6", messages=messages, tools=tools)
print(completion.choices[0].message.content)`),
    javascript: javascript(`const getWeather = ({ city }) => ({ city, celsius: -3, sky: 'clear' });

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather in a city, now.',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
      },
    },
  },
];
const messages = [{ role: 'user', content: 'What is the weather in Oslo?' }];

const asked = await client.chat.completions.create({ model: 'GLM-4.6', messages, tools });
const { message } = asked.choices[0];
messages.push(message);
for (const call of message.tool_calls ?? []) {
  const result = getWeather(JSON.parse(call.function.arguments));
  messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) });
}

const answered = await client.chat.completions.create({ model: 'GLM-4.6', messages, tools });
console.log(answered.choices[0].message.content);`),
  },
};
