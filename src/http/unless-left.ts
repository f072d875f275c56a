import { ClientLeftError } from '../errors.ts';

/**
 * What `work` comes to. One that rejects because the client closed the connection has not failed.
 *
 * @throws ClientLeftError
 */
export async function unlessLeft<Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) throw new ClientLeftError();
    throw error;
  }
}
