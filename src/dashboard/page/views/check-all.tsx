import { useState } from 'preact/hooks';
import type { TokenObject } from '../../../routes/token-pool-schema.ts';
import { AskError, ask } from '../ask.ts';
import { useWording } from '../text/text-context.ts';

interface CheckedToken {
  id: string;
  result: 'alive' | 'dead' | 'unknown';
  reason: string | null;
}

/**
 *   idle ──asked──▶ running ──all checked, or stopped──▶ done
 */
type Progress =
  | { state: 'idle' }
  | { state: 'running'; done: number; all: number }
  | { state: 'done'; results: readonly CheckedToken[]; problem: string | null };

/** So many in one request: the gateway asks about as many at once. */
const BUNDLE = 4;

/** Asks the service about tokens, and waits for what it says. @throws AskError */
export async function checkTokens(ids: readonly string[]): Promise<CheckedToken[]> {
  const answer = await ask<{ data: CheckedToken[] }>('/v1/token-pool/health-check', {
    method: 'POST',
    body: { ids },
  });
  return answer.data;
}

interface CheckAllProps {
  tokens: readonly TokenObject[];
  onChecked: () => void;
}

/** Checks all tokens, a few at a time, and shows how far it is. */
export function CheckAll({ tokens, onChecked }: CheckAllProps) {
  const { text } = useWording();
  const [progress, setProgress] = useState<Progress>({ state: 'idle' });

  const checkAll = async () => {
    const ids = tokens.map(({ id }) => id);
    const results: CheckedToken[] = [];
    let problem: string | null = null;
    try {
      for (let at = 0; at < ids.length; at += BUNDLE) {
        setProgress({ state: 'running', done: at, all: ids.length });
        results.push(...(await checkTokens(ids.slice(at, at + BUNDLE))));
        onChecked();
      }
    } catch (error) {
      problem = error instanceof AskError ? error.message : String(error);
    }
    setProgress({ state: 'done', results, problem });
  };
  return (
    <>
      <CheckProgress progress={progress} />
      <button
        type="button"
        disabled={tokens.length === 0 || progress.state === 'running'}
        onClick={() => void checkAll()}
      >
        {text.checkAll}
      </button>
    </>
  );
}

function CheckProgress({ progress }: { progress: Progress }) {
  const { text } = useWording();
  switch (progress.state) {
    case 'idle':
      return null;
    case 'running': {
      const words = text.checkingProgress(progress.done, progress.all);
      return (
        <span class="progress hint">
          {words}
          <progress aria-label={words} value={progress.done} max={progress.all} />
        </span>
      );
    }
    case 'done': {
      const countOf = (result: CheckedToken['result']) =>
        progress.results.filter((checked) => checked.result === result).length;
      const words = text.checkedResult(countOf('alive'), countOf('dead'), countOf('unknown'));
      return (
        <span class="hint" role="status">
          {progress.problem ?? words}
        </span>
      );
    }
    default:
      return progress satisfies never;
  }
}
