import type { ToolDefinition, ToolRules } from '../../convert/reply-rules.ts';

/** A function in OpenAI's words, as the web wire's own field and the models' prompts have it. */
export function describeTool({ name, description, parameters }: ToolDefinition): object {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== null && { description }),
      ...(parameters !== null && { parameters }),
    },
  };
}

/**
 * Teaches the tools as text. Heading, tags and the form of a call are those of the chat template
 * published with GLM-4.5 and 4.6, on which the models were trained; GLM-4.7 and 5 write the same
 * form without line breaks, and read both. The prose is ours.
 */
export function writeToolPrompt(tools: readonly ToolDefinition[]): string {
  return `# Tools

You can call functions to do what the user asks for. Each line between the tags is the signature of one, as JSON:
<tools>
${tools.map((tool) => JSON.stringify(describeTool(tool))).join('\n')}
</tools>

To call functions, end your reply with one block of exactly this form for each call:
<tool_call>{function-name}
<arg_key>{name-of-an-argument}</arg_key>
<arg_value>{its-value}</arg_value>
</tool_call>

Repeat the two inner lines for each argument. Write text values as they are, without quotes or escapes; write all other values as JSON. Write nothing after the last block, and no code fence around it: the results come in the next message, in the order of your calls, between <tool_response> tags. If no function is of use, just answer.`;
}

/** Tells the model what the choice obliges it to; '' when it may do as it likes. */
export function writeToolOrder({
  choice,
  parallel,
}: Pick<ToolRules, 'choice' | 'parallel'>): string {
  const orders: string[] = [];
  if (choice === 'required') orders.push('Your next reply must call at least one function.');
  if (typeof choice === 'object') {
    orders.push(`Your next reply must call the function ${choice.name}.`);
  }
  if (!parallel) orders.push('Call no more than one function in a reply.');
  return orders.join(' ');
}
