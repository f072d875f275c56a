/**
 * The first `maxBytes` of a body as UTF-8 text; the rest is left unread and its connection closed.
 * Rejects when the connection breaks or the request's signal aborts.
 */
export async function readLimitedText(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let left = maxBytes; left > 0; ) {
    const piece = await reader.read();
    if (piece.done) return text + decoder.decode();
    text += decoder.decode(piece.value.subarray(0, left), { stream: true });
    left -= piece.value.length;
  }
  await reader.cancel();
  return text;
}
