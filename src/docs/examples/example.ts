/** What stands in an example's code for the gateway's address. */
export const ORIGIN = '%ORIGIN%';

export const LANGUAGES = { curl: 'curl', python: 'Python', javascript: 'JavaScript' } as const;

export type Language = keyof typeof LANGUAGES;

/** One thing to do with the gateway, in every language. The code is whole: it runs as it stands. */
export interface Example {
  /** Part of a link. */
  id: string;
  title: string;
  /** What is worth knowing, as HTML. */
  note: string;
  code: Readonly<Record<Language, string>>;
}

const PYTHON_HEAD = `import os
from openai import OpenAI

client = OpenAI(base_url="${ORIGIN}/v1", api_key=os.environ["GLM_API_KEY"])
`;

const JAVASCRIPT_HEAD = `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${ORIGIN}/v1', apiKey: process.env.GLM_API_KEY });
`;

/** A chat by curl; `body` is JSON, in which no apostrophe may be. */
export const curlChat = (body: string, flags = ''): string =>
  `curl ${flags}${ORIGIN}/v1/chat/completions \\
  -H "Authorization: Bearer $GLM_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`;

/** Python that uses OpenAI's library, of which `client` is one. */
export const python = (code: string): string => `${PYTHON_HEAD}\n${code}`;

/** JavaScript that uses OpenAI's library, of which `client` is one. */
export const javascript = (code: string): string => `${JAVASCRIPT_HEAD}\n${code}`;
