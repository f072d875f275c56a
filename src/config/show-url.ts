/** A URL for people to read, without what may be secret in it: a login, and what a query says. */
export function showUrl(text: string): string {
  const { protocol, host, pathname, username, search } = new URL(text);
  const login = username === '' ? '' : ' (with a login)';
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}${login}`;
}
