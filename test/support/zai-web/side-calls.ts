import { randomUUID } from 'node:crypto';
import type { Account } from './accounts.ts';
import { badRequestAnswer, jsonAnswer, unauthorizedAnswer } from './answers.ts';
import type { Refusal } from './check-completion.ts';
import { landingPage } from './fe-version.ts';
import { modelList } from './models.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { HttpAnswer } from './scenario.ts';
import type { ServiceState } from './service-state.ts';

/** What a call is answered with, or why it is not. */
export type SideReply = { answer: HttpAnswer } | { refusal: Refusal };

type SideCall = (request: ReceivedRequest, state: ServiceState) => SideReply | Promise<SideReply>;

type AccountCall = (
  request: ReceivedRequest,
  state: ServiceState,
  account: Account,
) => SideReply | Promise<SideReply>;

const SIDE_CALLS: Readonly<Record<string, SideCall>> = {
  'GET /': showLandingPage,
  'GET /api/v1/auths/': answerAuth,
  'GET /api/models': withAccount(listModels),
  'POST /api/v1/chats/new': withAccount(createChat),
  'DELETE /api/v1/chats/': withAccount(deleteChats),
  'POST /api/v1/files/': withAccount(uploadFile),
};

/** Answers every call but the completions. */
export async function answerSideCall(
  request: ReceivedRequest,
  state: ServiceState,
): Promise<SideReply> {
  const name = `${request.method} ${request.path}`;
  const call = SIDE_CALLS[name];
  if (call) return call(request, state);
  return refuse(`there is no call ${name}`, jsonAnswer({ detail: 'Not Found' }, 404));
}

/** A call that only a known token may make. */
function withAccount(call: AccountCall): SideCall {
  return (request, state) => {
    const account = request.bearer === null ? undefined : state.accounts.find(request.bearer);
    if (account) return call(request, state, account);
    return refuse('the bearer is not a known token', unauthorizedAnswer());
  };
}

function showLandingPage(_: ReceivedRequest, state: ServiceState): SideReply {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return { answer: { status: 200, headers, body: landingPage(state.feVersion) } };
}

function answerAuth(request: ReceivedRequest, state: ServiceState): SideReply | Promise<SideReply> {
  if (request.headers.authorization !== undefined) return validate(request, state);
  const { guest, cookie } = state.accounts.mintGuest(request.headers.cookie);
  // Sticks a client that has a cookie jar to one guest, as the real service does.
  const headers = { 'set-cookie': `${cookie}; Path=/; HttpOnly` };
  return { answer: jsonAnswer(describe(guest), 200, headers) };
}

const validate = withAccount((_, __, account) => ({ answer: jsonAnswer(describe(account)) }));

function describe({ userId, email, role, token }: Account): object {
  return { id: userId, email, name: email.split('@')[0], role, token };
}

function listModels(_: ReceivedRequest, state: ServiceState): SideReply {
  return { answer: jsonAnswer(modelList(state.models)) };
}

function createChat(request: ReceivedRequest, state: ServiceState, account: Account): SideReply {
  if (typeof request.body !== 'object' || request.body === null) {
    const reason = 'the body is not a JSON object sent as application/json';
    return refuse(reason, badRequestAnswer(reason));
  }
  const id = randomUUID();
  state.chats.set(id, account.token);
  return { answer: jsonAnswer(state.createdChatShape === 'flat' ? { id } : { chat: { id } }) };
}

function deleteChats(_: ReceivedRequest, state: ServiceState, account: Account): SideReply {
  for (const [id, token] of state.chats) if (token === account.token) state.chats.delete(id);
  account.keptChats = 0;
  account.streams.clear();
  account.deletions += 1;
  return { answer: jsonAnswer(true) };
}

async function uploadFile(
  request: ReceivedRequest,
  state: ServiceState,
  account: Account,
): Promise<SideReply> {
  if (account.role === 'guest') {
    return refuse('a guest uploads a file', jsonAnswer({ detail: 'Guests may not upload.' }, 403));
  }
  const file = await readFormFile(request);
  if (!file) {
    const reason = 'the body is not a multipart form with a file in the field "file"';
    return refuse(reason, badRequestAnswer(reason));
  }
  const id = randomUUID();
  const meta = {
    name: file.name,
    content_type: file.type,
    size: file.size,
    cdn_url: `${request.origin}/files/${id}`,
  };
  const answer = { id, filename: file.name, user_id: account.userId, meta };
  state.files.set(id, { token: account.token, answer, bytes: await file.bytes() });
  return { answer: jsonAnswer(answer) };
}

async function readFormFile(request: ReceivedRequest): Promise<File | null> {
  try {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(new Uint8Array(request.bytes), { headers }).formData();
    const field = form.get('file');
    return field instanceof File ? field : null;
  } catch {
    // Not a form at all: the same finding as a form without the field.
    return null;
  }
}

function refuse(reason: string, answer: HttpAnswer): SideReply {
  return { refusal: { reason, answer } };
}
