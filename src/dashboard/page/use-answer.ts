import { useEffect, useRef, useState } from 'preact/hooks';
import { AskError, ask } from './ask.ts';

/** What the gateway answered, as far as it is known yet. */
export interface Answered<Answer> {
  /** The latest good answer, also while one to another path or a newer one is on its way. */
  answer: Answer | null;
  error: AskError | null;
  /** Asks again. */
  refresh(): void;
}

type Told<Answer> = Omit<Answered<Answer>, 'refresh'>;

/** Asks for `path`, again whenever that or `version` changes. */
export function useAnswer<Answer>(path: string, version: unknown = null): Answered<Answer> {
  const [round, setRound] = useState(0);
  const [told, setTold] = useState<Told<Answer>>({ answer: null, error: null });
  const asker = useRef<Asker | null>(null);
  useEffect(() => {
    const started = createAsker<Answer>(path, (change) =>
      setTold((before) => ({ ...before, ...change })),
    );
    asker.current = started;
    return () => started.leave();
  }, [path]);
  useEffect(() => asker.current?.ask(), [path, version, round]);
  return { ...told, refresh: () => setRound((before) => before + 1) };
}

interface Asker {
  ask(): void;
  leave(): void;
}

/**
 * Asks for one path, once at a time: what is asked meanwhile is asked once more at the end. An answer
 * that takes longer than the next question would else never come.
 */
function createAsker<Answer>(path: string, tell: (change: Partial<Told<Answer>>) => void): Asker {
  const leaving = new AbortController();
  let state: 'idle' | 'asking' | 'asked-again' = 'idle';

  async function run(): Promise<void> {
    try {
      tell({ answer: await ask<Answer>(path, { signal: leaving.signal }), error: null });
    } catch (error) {
      if (error instanceof AskError) tell({ error });
    }
    const isWanted = state === 'asked-again' && !leaving.signal.aborted;
    state = isWanted ? 'asking' : 'idle';
    if (isWanted) void run();
  }

  return {
    ask() {
      if (state === 'idle') void run();
      state = state === 'idle' ? 'asking' : 'asked-again';
    },
    leave: () => leaving.abort(),
  };
}
