import type { SettingInForce } from '../../../config/settings-in-force.ts';
import type { DashboardSnapshot } from '../../dashboard-snapshot.ts';
import { AnswerProblem } from '../parts/answer-problem.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Facts } from '../parts/facts.tsx';
import { useWording, type Wording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';
import { LogLevelChoice } from './log-level-choice.tsx';
import { SettingsTable } from './settings-table.tsx';

/** What does not change while the process lives. */
interface SystemAnswer {
  version: string;
  workers: number;
  settings: SettingInForce[];
}

const BRAKE_TONES: Readonly<Record<string, Tone>> = {
  closed: 'good',
  open: 'bad',
  'half-open': 'warn',
};

/** The process, its threads, queue and brakes, and the settings it runs with. */
export function SystemView({ snapshot }: { snapshot: DashboardSnapshot | null }) {
  const wording = useWording();
  const { text } = wording;
  // Another process may have another version and other settings.
  const { answer, error, refresh } = useAnswer<SystemAnswer>(
    '/dashboard/system',
    snapshot?.startedAt,
  );
  return (
    <>
      <AnswerProblem error={error} onRetry={refresh} />
      <div class="columns">
        <section class="panel">
          <h2>{text.process}</h2>
          {snapshot !== null && answer !== null && (
            <Facts facts={factsOf(snapshot, answer, wording)} />
          )}
          <LogLevelChoice />
        </section>
        <section class="panel">
          <h2>{text.brakes}</h2>
          {snapshot !== null && <Brakes snapshot={snapshot} />}
        </section>
      </div>
      {answer !== null && <SettingsTable settings={answer.settings} />}
    </>
  );
}

function factsOf(
  { at, startedAt, memoryBytes, streams, live }: DashboardSnapshot,
  { version, workers }: SystemAnswer,
  { text, format }: Wording,
): [string, string][] {
  const readiness = streams.ready ? text.workersReady : text.workersNotReady;
  return [
    [text.version, version],
    [text.startedAt, format.dateTime(startedAt)],
    [text.uptime, format.span(at - startedAt)],
    [text.memory, format.bytes(memoryBytes)],
    [text.workers, workers === 0 ? text.workersInline : `${workers}, ${readiness}`],
    [text.openStreams, format.count(streams.active)],
    [text.running, format.count(live.running)],
    [text.queue, format.count(live.queued)],
  ];
}

function Brakes({ snapshot }: { snapshot: DashboardSnapshot }) {
  const { text, format } = useWording();
  return (
    <ul class="brakes">
      {snapshot.upstreams.map(({ id, brake, inFlight, lack }) => (
        <li key={id}>
          <p>
            <strong>{id}</strong>{' '}
            <Badge tone={BRAKE_TONES[brake.state] ?? 'calm'}>
              {`${text.brake}: ${text.brakeStates[brake.state]}`}
            </Badge>{' '}
            <span class="hint">
              {text.inFlight}: {format.count(inFlight)}
              {brake.until !== null && `, ${text.until(format.time(brake.until))}`}
            </span>
          </p>
          <p class="hint">{brake.reason ?? lack ?? text.poolReady}</p>
        </li>
      ))}
    </ul>
  );
}
