import { useState } from 'preact/hooks';
import type { TokenObject, UpstreamStatus } from '../../../routes/token-pool-schema.ts';
import { AnswerProblem } from '../parts/answer-problem.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { useWording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';
import { useTick } from '../use-tick.ts';
import { AddTokens } from './add-tokens.tsx';
import { CheckAll } from './check-all.tsx';
import { DeleteToken } from './delete-token.tsx';
import { TokenTable } from './token-table.tsx';

const FRESH_MS = 3_000;
const STATES = ['healthy', 'cooling', 'probing', 'out', 'checking', 'disabled'] as const;
const TONES: Readonly<Record<(typeof STATES)[number], Tone>> = {
  healthy: 'good',
  cooling: 'warn',
  probing: 'warn',
  out: 'bad',
  checking: 'calm',
  disabled: 'calm',
};

/** The credentials of each upstream: how they are, and what an operator can do about it. */
export function CredentialsView() {
  const { text } = useWording();
  const tick = useTick(FRESH_MS);
  const { answer, error, refresh } = useAnswer<{ data: TokenObject[] }>(
    '/v1/token-pool/tokens',
    tick,
  );
  const status = useAnswer<{ upstreams: UpstreamStatus[] }>('/v1/token-pool/status', answer);
  const [addingTo, setAddingTo] = useState<UpstreamStatus['upstream'] | null>(null);
  const [deleting, setDeleting] = useState<TokenObject | null>(null);
  const upstreams = status.answer?.upstreams ?? [];
  return (
    <>
      <AnswerProblem error={error} onRetry={refresh} />
      {upstreams.length === 0 && error === null && <p class="hint">{text.loading}</p>}
      {upstreams.map((pool) => (
        <PoolPanel
          key={pool.upstream}
          pool={pool}
          tokens={answer?.data.filter(({ upstream }) => upstream === pool.upstream) ?? []}
          onChanged={refresh}
          onAdd={() => setAddingTo(pool.upstream)}
          onDelete={setDeleting}
        />
      ))}
      {addingTo !== null && (
        <AddTokens upstream={addingTo} onAdded={refresh} onClose={() => setAddingTo(null)} />
      )}
      {deleting !== null && (
        <DeleteToken token={deleting} onDeleted={refresh} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}

interface PoolPanelProps {
  pool: UpstreamStatus;
  tokens: readonly TokenObject[];
  onChanged: () => void;
  onAdd: () => void;
  onDelete: (token: TokenObject) => void;
}

function PoolPanel({ pool, tokens, onChanged, onAdd, onDelete }: PoolPanelProps) {
  const { text } = useWording();
  return (
    <section class="panel" aria-label={pool.upstream}>
      <div class="headline">
        <h2>
          {text.credentialsOf[pool.upstream]} <span class="hint">{pool.upstream}</span>
        </h2>
        <div class="actions">
          {/* Nothing can be asked about API keys without paying for the answer. */}
          {pool.upstream === 'zai-web' && <CheckAll tokens={tokens} onChecked={onChanged} />}
          <button type="button" class="primary" onClick={onAdd}>
            {text.addCredentials[pool.upstream]}
          </button>
        </div>
      </div>
      <PoolSummary pool={pool} />
      {tokens.length === 0 ? (
        <p class="hint empty">{text.noCredentials[pool.upstream]}</p>
      ) : (
        <TokenTable tokens={tokens} onChanged={onChanged} onDelete={onDelete} />
      )}
    </section>
  );
}

function PoolSummary({ pool }: { pool: UpstreamStatus }) {
  const { text, format } = useWording();
  const { tokens, guests, reason, brake } = pool;
  const until = brake.until === null ? '' : ` (${text.until(format.time(brake.until))})`;
  return (
    <>
      <p class="badges">
        {STATES.filter((state) => tokens[state] > 0).map((state) => (
          <Badge key={state} tone={TONES[state]}>
            {`${format.count(tokens[state])} ${text.healths[state]}`}
          </Badge>
        ))}
        {guests !== null && (
          <span class="hint">
            {text.guests}: {text.guestsSummary(guests.total, guests.spare)}
          </span>
        )}
      </p>
      {reason !== null && (
        <p class="notice problem">
          {reason}
          {until}
        </p>
      )}
    </>
  );
}
