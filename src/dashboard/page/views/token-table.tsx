import { useState } from 'preact/hooks';
import type { TokenObject } from '../../../routes/token-pool-schema.ts';
import { AskError, ask } from '../ask.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { ScrollBox } from '../parts/scroll-box.tsx';
import { useWording } from '../text/text-context.ts';
import { checkTokens } from './check-all.tsx';

const TONES: Readonly<Record<TokenObject['health'], Tone>> = {
  healthy: 'good',
  cooling: 'warn',
  probing: 'warn',
  out: 'bad',
  checking: 'calm',
};

interface TokenTableProps {
  tokens: readonly TokenObject[];
  onChanged: () => void;
  onDelete: (token: TokenObject) => void;
}

/** The tokens one by one. Their values are never shown; the end of their hash tells them apart. */
export function TokenTable({ tokens, ...actions }: TokenTableProps) {
  const { text } = useWording();
  return (
    <ScrollBox name={text.credentials}>
      <table class="tokens">
        <thead>
          <tr>
            <th scope="col">{text.token}</th>
            <th scope="col">{text.health}</th>
            <th scope="col" class="number">
              {text.inFlight}
            </th>
            <th scope="col" class="number">
              {text.countsShort}
            </th>
            <th scope="col">{text.lastUsed}</th>
            <th scope="col">{text.source}</th>
            <th scope="col">{text.actions}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} {...actions} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

type TokenRowProps = { token: TokenObject } & Omit<TokenTableProps, 'tokens'>;

function TokenRow({ token, onChanged, onDelete }: TokenRowProps) {
  const { text, format } = useWording();
  const { completed, failed, cancelled } = token.counts;
  return (
    <tr>
      <th scope="row">
        <code>…{token.hash_end}</code>
        {token.user_id !== null && <span class="hint">{token.user_id}</span>}
      </th>
      <td class="health">
        <TokenHealth token={token} />
      </td>
      <td class="number in-flight">{format.count(token.in_flight)}</td>
      <td class="number counts" data-name={text.countsShort}>
        {format.count(completed)} / {format.count(failed)} / {format.count(cancelled)}
      </td>
      <td class="last-used">
        {token.last_used_at === null ? text.never : format.time(token.last_used_at)}
      </td>
      <td class="source">
        {token.sources
          .map((source) => text.sources[source as keyof typeof text.sources])
          .join(', ')}
      </td>
      <td class="actions">
        <TokenActions token={token} onChanged={onChanged} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function TokenHealth({ token }: { token: TokenObject }) {
  const { text, format } = useWording();
  const until = token.until === null ? '' : ` ${text.until(format.time(token.until))}`;
  return (
    <>
      {token.disabled ? (
        <Badge tone="calm">{text.healths.disabled}</Badge>
      ) : (
        <Badge tone={TONES[token.health]}>{`${text.healths[token.health]}${until}`}</Badge>
      )}
      {token.reason !== null && <span class="hint">{token.reason}</span>}
      {token.models.map(({ model, health, until: modelUntil, reason }) => (
        <span key={model} class="hint">
          {model}: {text.healths[health]}
          {modelUntil !== null && ` ${text.until(format.time(modelUntil))}`}
          {reason !== null && `, ${reason}`}
        </span>
      ))}
    </>
  );
}

function TokenActions({ token, onChanged, onDelete }: TokenRowProps) {
  const { text } = useWording();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState('');

  const act = async (action: () => Promise<string>) => {
    setBusy(true);
    try {
      setOutcome(await action());
    } catch (error) {
      setOutcome(error instanceof AskError ? error.message : String(error));
    }
    setBusy(false);
    onChanged();
  };
  const change = async (body: object) => {
    await ask(`/v1/token-pool/tokens/${token.id}`, { method: 'PATCH', body });
    return '';
  };
  const check = async () => {
    const [checked] = await checkTokens([token.id]);
    if (checked === undefined) return '';
    return `${text.checkResults[checked.result]}${checked.reason === null ? '' : `: ${checked.reason}`}`;
  };
  const named = (action: string) => text.tokenNamed(action, token.hash_end);
  const toggle = token.disabled ? text.enable : text.disable;
  const isHealthy = token.health === 'healthy' && token.models.length === 0;
  return (
    <>
      {token.kind === 'account' && (
        <button
          type="button"
          disabled={busy}
          aria-label={named(text.check)}
          onClick={() => void act(check)}
        >
          {busy ? text.checking : text.check}
        </button>
      )}
      <button
        type="button"
        disabled={busy}
        aria-label={named(toggle)}
        onClick={() => void act(() => change({ disabled: !token.disabled }))}
      >
        {toggle}
      </button>
      {!isHealthy && token.health !== 'checking' && (
        <button
          type="button"
          disabled={busy}
          aria-label={named(text.heal)}
          onClick={() => void act(() => change({ health: 'healthy' }))}
        >
          {text.heal}
        </button>
      )}
      <button
        type="button"
        class="danger"
        disabled={busy}
        aria-label={named(text.remove)}
        onClick={() => onDelete(token)}
      >
        {text.remove}
      </button>
      <span class="hint" role="status">
        {outcome}
      </span>
    </>
  );
}
