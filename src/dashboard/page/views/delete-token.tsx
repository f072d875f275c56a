import { useState } from 'preact/hooks';
import type { TokenObject } from '../../../routes/token-pool-schema.ts';
import { AskError, ask } from '../ask.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useWording } from '../text/text-context.ts';

interface DeleteTokenProps {
  token: TokenObject;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks once more, then deletes. */
export function DeleteToken({ token, onDeleted, onClose }: DeleteTokenProps) {
  const { text } = useWording();
  const [problem, setProblem] = useState('');

  const remove = async () => {
    try {
      await ask(`/v1/token-pool/tokens/${token.id}`, { method: 'DELETE' });
      onClose();
    } catch (error) {
      setProblem(error instanceof AskError ? error.message : String(error));
    }
    onDeleted();
  };
  return (
    <Dialog title={text.confirmRemove(`…${token.hash_end}`)} onClose={onClose}>
      {token.user_id !== null && (
        <p>
          {text.user} <code>{token.user_id}</code>
        </p>
      )}
      <p class="hint">{text.removeHint}</p>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="actions">
        <button type="button" onClick={onClose}>
          {text.cancel}
        </button>
        <button type="button" class="danger solid" onClick={() => void remove()}>
          {text.remove}
        </button>
      </div>
    </Dialog>
  );
}
