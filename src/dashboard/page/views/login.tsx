import { useState } from 'preact/hooks';
import { AskError, ask } from '../ask.ts';
import type { Text } from '../text/english.ts';
import { useWording } from '../text/text-context.ts';
import { Brand } from './brand.tsx';
import { Choices, type LanguageChoice } from './choices.tsx';

interface LoginProps extends LanguageChoice {
  /** There was a session, and it is over. */
  isOver: boolean;
  onOpen: () => void;
}

/** Asks for the admin key. */
export function Login({ isOver, onOpen, ...choice }: LoginProps) {
  const { text } = useWording();
  const [error, setError] = useState<AskError | null>(null);
  const [isBusy, setBusy] = useState(false);

  const logIn = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    try {
      const key = String(new FormData(form).get('key')).trim();
      await ask('/dashboard/session', { method: 'POST', body: { key } });
      onOpen();
    } catch (failure) {
      if (failure instanceof AskError) setError(failure);
      setBusy(false);
      form.querySelector('input')?.select();
    }
  };
  const problem = error === null ? (isOver ? text.sessionOver : '') : describe(error, text);
  return (
    <main class="login">
      <form onSubmit={logIn} class="panel">
        <h1>
          <Brand />
        </h1>
        <label for="key">{text.adminKey}</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          aria-describedby="key-hint key-problem"
          aria-invalid={error?.status === 401}
        />
        <p id="key-hint" class="hint">
          {text.adminKeyHint}
        </p>
        <p id="key-problem" class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={isBusy}>
          {text.logIn}
        </button>
      </form>
      <div class="choices">
        <Choices {...choice} />
      </div>
    </main>
  );
}

function describe({ status, message, retryAfterSeconds }: AskError, text: Text): string {
  if (status === 401) return text.wrongKey;
  if (status === 429) return text.tooManyAttempts(retryAfterSeconds);
  return status === 0 ? text.noAnswer : message;
}
