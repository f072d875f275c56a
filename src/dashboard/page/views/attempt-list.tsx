import type { toToldRequestObject } from '../../../routes/requests-view.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { useWording } from '../text/text-context.ts';

type ToldRequest = ReturnType<typeof toToldRequestObject>;
type Attempt = NonNullable<ToldRequest['story']>['attempts'][number];

/** What an attempt did between two times, in ms since the request came. */
interface Phase {
  name: 'lease' | 'prepare' | 'wait' | 'reply';
  fromMs: number;
  toMs: number;
}

const TONES: Readonly<Record<Attempt['state'], Tone>> = {
  completed: 'good',
  cancelled: 'calm',
  failed: 'bad',
  refused: 'warn',
};

/** A request's attempts in order, each with its times as a bar on a common scale. */
export function AttemptList({ request }: { request: ToldRequest }) {
  const { text } = useWording();
  if (request.story === null) return <p class="hint">{text.noStory}</p>;
  const { attempts, omitted } = request.story;
  return (
    <>
      <h3>{text.timeline}</h3>
      <ol class="attempts">
        {attempts.map((attempt) => (
          <AttemptEntry
            key={`${attempt.number} ${attempt.started_at_ms}`}
            attempt={attempt}
            totalMs={Math.max(1, request.duration_ms)}
          />
        ))}
      </ol>
      {omitted > 0 && <p class="hint">{text.omittedAttempts(omitted)}</p>}
      <Legend />
    </>
  );
}

function AttemptEntry({ attempt, totalMs }: { attempt: Attempt; totalMs: number }) {
  const { text, format } = useWording();
  const { number, failure } = attempt;
  const phases = phasesOf(attempt);
  const spoken = phases.map(
    ({ name, fromMs, toMs }) => `${text.phases[name]} ${format.ms(toMs - fromMs)}`,
  );
  return (
    <li>
      <p>
        <strong>{number === null ? text.noCredentialLent : text.attempt(number)}</strong>{' '}
        <Badge tone={TONES[attempt.state]}>{text.attemptStates[attempt.state]}</Badge>{' '}
        {attempt.upstream}
        {attempt.credential_id !== null && (
          <>
            {' · '}
            {text.credential} <code>{attempt.credential_id}</code>
          </>
        )}
      </p>
      <div class="bar-line" role="img" aria-label={spoken.join(', ')}>
        {phases.map(({ name, fromMs, toMs }) => (
          <span
            key={name}
            class={`phase ${name}`}
            style={{
              left: `${(100 * fromMs) / totalMs}%`,
              width: `${(100 * (toMs - fromMs)) / totalMs}%`,
            }}
          />
        ))}
      </div>
      <p class="hint">{spoken.join(' · ')}</p>
      {failure !== null && (
        <p class="failure">
          <code>{failure.kind}</code>
          {failure.status !== null && ` HTTP ${failure.status}`}
          {failure.upstream_code !== null && ` (${failure.upstream_code})`}: {failure.message}
        </p>
      )}
    </li>
  );
}

/** Only what took place; each begins where the one before ended. */
function phasesOf(attempt: Attempt): Phase[] {
  const { lease_ms: leaseMs, started_at_ms: startedMs, ended_at_ms: endedMs } = attempt;
  const preparedMs = attempt.prepared_at_ms ?? endedMs;
  const firstMs = attempt.first_byte_at_ms ?? endedMs;
  const phases: Phase[] = [
    { name: 'lease', fromMs: startedMs - leaseMs, toMs: startedMs },
    { name: 'prepare', fromMs: startedMs, toMs: preparedMs },
    { name: 'wait', fromMs: preparedMs, toMs: firstMs },
    { name: 'reply', fromMs: firstMs, toMs: endedMs },
  ];
  return phases.filter(({ fromMs, toMs }) => toMs > fromMs);
}

function Legend() {
  const { text } = useWording();
  return (
    <ul class="legend" aria-hidden="true">
      {(['lease', 'prepare', 'wait', 'reply'] as const).map((name) => (
        <li key={name}>
          <span class={`swatch ${name}`} />
          {text.phases[name]}
        </li>
      ))}
    </ul>
  );
}
