import type { AskError } from '../ask.ts';
import { useWording } from '../text/text-context.ts';

interface AnswerProblemProps {
  error: AskError | null;
  onRetry: () => void;
}

/** What went wrong with a question, and the way to ask again; nothing when nothing did. */
export function AnswerProblem({ error, onRetry }: AnswerProblemProps) {
  const { text } = useWording();
  if (error === null) return null;
  return (
    <p class="notice problem" role="alert">
      {error.status === 0 ? text.noAnswer : error.message}{' '}
      <button type="button" onClick={onRetry}>
        {text.tryAgain}
      </button>
    </p>
  );
}
