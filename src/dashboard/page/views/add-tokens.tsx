import { useState } from 'preact/hooks';
import type { TokenObject } from '../../../routes/token-pool-schema.ts';
import { AskError, ask } from '../ask.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useWording } from '../text/text-context.ts';

interface Added {
  result: 'added' | 'already_there' | 'refused' | 'not_checked';
  id: string | null;
  reason: string | null;
}

const TONES: Readonly<Record<Added['result'], Tone>> = {
  added: 'good',
  already_there: 'calm',
  refused: 'bad',
  not_checked: 'warn',
};

interface AddTokensProps {
  upstream: TokenObject['upstream'];
  onAdded: () => void;
  onClose: () => void;
}

/** Takes tokens by paste, one a line, and shows what became of each. */
export function AddTokens({ upstream, onAdded, onClose }: AddTokensProps) {
  const { text } = useWording();
  const [pasted, setPasted] = useState('');
  const [busyWith, setBusyWith] = useState(0);
  const [results, setResults] = useState<readonly Added[] | null>(null);
  const [problem, setProblem] = useState('');
  const tokens = [...new Set(pasted.split(/[\s,]+/).filter((token) => token !== ''))];

  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusyWith(tokens.length);
    setProblem('');
    try {
      const body = { tokens };
      const answer = await ask<{ data: Added[] }>(`/v1/token-pool/update?upstream=${upstream}`, {
        method: 'POST',
        body,
      });
      setResults(answer.data);
      setPasted('');
    } catch (error) {
      setProblem(error instanceof AskError ? error.message : String(error));
    }
    setBusyWith(0);
    onAdded();
  };
  return (
    <Dialog title={text.addCredentials[upstream]} onClose={onClose}>
      <form onSubmit={add}>
        <label for="pasted">{text.pasteCredentials[upstream]}</label>
        <textarea
          id="pasted"
          rows={6}
          spellcheck={false}
          autocomplete="off"
          aria-describedby="paste-hint"
          value={pasted}
          onInput={({ currentTarget }) => setPasted(currentTarget.value)}
        />
        <p id="paste-hint" class="hint">
          {text.pasteHints[upstream]}
        </p>
        <p class="problem" role="alert">
          {problem}
        </p>
        {busyWith > 0 && (
          <p class="progress hint" role="status">
            {text.adding(busyWith)}
            <progress aria-label={text.adding(busyWith)} />
          </p>
        )}
        {results !== null && <Results results={results} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            {text.close}
          </button>
          <button type="submit" class="primary" disabled={tokens.length === 0 || busyWith > 0}>
            {tokens.length > 1 ? `${text.add} (${tokens.length})` : text.add}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Results({ results }: { results: readonly Added[] }) {
  const { text } = useWording();
  const added = results.filter(({ result }) => result === 'added').length;
  return (
    <div class="results">
      <p role="status">{text.addedCount(added)}</p>
      <ol>
        {results.map(({ result, id, reason }, index) => (
          <li key={index}>
            <Badge tone={TONES[result]}>{text.addResults[result]}</Badge>{' '}
            {id !== null && <code>{id}</code>}
            {reason !== null && <span class="hint">{reason}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
