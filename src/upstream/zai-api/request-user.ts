import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';

/** Whom the client asks for. Z.ai calls it `user_id`, and takes names of some length only. */
export function buildUser(
  { user }: Pick<UpstreamRequest, 'user'>,
  dialect: ApiDialect,
): Record<string, unknown> {
  if (user === null || !takesUser(user, dialect)) return {};
  return dialect === 'zai' ? { user_id: user } : { user };
}

/** Whether a name of a user is sent. */
export function takesUser(user: string, dialect: ApiDialect): boolean {
  return dialect === 'openai-compatible' || (user.length >= 6 && user.length <= 128);
}
