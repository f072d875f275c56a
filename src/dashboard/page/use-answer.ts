import { useEffect, useState } from 'preact/hooks';
import { AskError, ask } from './ask.ts';

/** What the gateway answered, as far as it is known yet. */
export interface Answered<Answer> {
  /** The latest good answer, also while one to another path or a newer one is on its way. */
  answer: Answer | null;
  error: AskError | null;
  /** Asks again. */
  refresh(): void;
}

/** Asks for `path`, again whenever that or `version` changes. A null path asks for nothing. */
export function useAnswer<Answer>(path: string | null, version: unknown = null): Answered<Answer> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Answered<Answer>, 'refresh'>>({
    answer: null,
    error: null,
  });
  useEffect(() => {
    if (path === null) return;
    const leaving = new AbortController();
    ask<Answer>(path, { signal: leaving.signal }).then(
      (answer) => setState({ answer, error: null }),
      (error) => {
        if (error instanceof AskError) setState((before) => ({ ...before, error }));
      },
    );
    return () => leaving.abort();
  }, [path, version, round]);
  return { ...state, refresh: () => setRound((before) => before + 1) };
}
