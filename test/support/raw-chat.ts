import { chatBody } from './chat-body.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { CLIENT_KEY, type TestGateway } from './start-gateway.ts';

const LAST_CHUNK = '0\r\n\r\n';

/** Connects to a gateway and sends a chat, byte by byte as HTTP has it; `fields` change the body. */
export async function sendRawChat(
  { origin }: Pick<TestGateway, 'origin'>,
  fields: Record<string, unknown> = {},
): Promise<RawClient> {
  const body = chatBody(fields);
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'Host: gateway',
    `Authorization: Bearer ${CLIENT_KEY}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const client = await connectRaw(Number(new URL(origin).port));
  await client.send(`${head.join('\r\n')}\r\n\r\n${body}`);
  return client;
}

/** Resolves with the body of a chunked response that has come to its end. */
export async function readRawBody(client: RawClient): Promise<string> {
  const response = await client.until(LAST_CHUNK);
  let rest = response.slice(response.indexOf('\r\n\r\n') + 4);
  let body = '';
  while (!rest.startsWith('0\r\n')) {
    const start = rest.indexOf('\r\n') + 2;
    const end = start + Number.parseInt(rest, 16);
    body += rest.slice(start, end);
    rest = rest.slice(end + 2);
  }
  return Buffer.from(body, 'latin1').toString('utf8');
}
