import { useMemo, useState } from 'preact/hooks';
import type { DashboardSnapshot, RunningRequest } from '../../dashboard-snapshot.ts';
import { AnswerProblem } from '../parts/answer-problem.tsx';
import { useWording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';
import { NO_FILTER, type RequestFilter, RequestFilters, toQuery } from './request-filters.tsx';
import { RequestStory } from './request-story.tsx';
import { type RequestItem, RequestTable } from './request-table.tsx';

interface RequestPage {
  data: RequestItem[];
  has_more: boolean;
  next_before: string | null;
}

const PAGE_SIZE = 100;

/** The last requests, as they come, and further back; one of them with its story. */
export function RequestsView({ snapshot }: { snapshot: DashboardSnapshot | null }) {
  const { text } = useWording();
  const [filter, setFilter] = useState(NO_FILTER);
  const [before, setBefore] = useState<string | null>(null);
  const [opened, setOpened] = useState<RequestItem | null>(null);
  const path = useMemo(() => {
    const query = toQuery(filter);
    query.set('limit', String(PAGE_SIZE));
    if (before !== null) query.set('before', before);
    return `/v1/requests?${query}`;
  }, [filter, before]);
  // What lies further back does not change.
  const version = before === null ? snapshot?.live.settledTotal : null;
  const { answer, error, refresh } = useAnswer<RequestPage>(path, version);

  const changeFilter = (changed: RequestFilter) => {
    setFilter(changed);
    setBefore(null);
  };
  const requests = answer?.data ?? [];
  const running = before === null ? runningOf(snapshot, filter) : [];
  return (
    <section class="panel">
      <div class="headline">
        <RequestFilters filter={filter} requests={requests} onChange={changeFilter} />
        <p class="hint running">{text.runningNow(snapshot?.live.running ?? 0)}</p>
      </div>
      <AnswerProblem error={error} onRetry={refresh} />
      {answer === null && error === null && <p class="hint">{text.loading}</p>}
      {answer !== null && requests.length + running.length === 0 && (
        <p class="hint empty">{emptyWords(filter, answer, text)}</p>
      )}
      {requests.length + running.length > 0 && (
        <RequestTable
          requests={requests}
          running={running}
          now={snapshot?.at ?? 0}
          onOpen={setOpened}
        />
      )}
      <nav class="pager" aria-label={text.requests}>
        <button type="button" disabled={before === null} onClick={() => setBefore(null)}>
          {text.newer}
        </button>
        <button
          type="button"
          disabled={answer?.has_more !== true}
          onClick={() => setBefore(answer?.next_before ?? null)}
        >
          {text.older}
        </button>
      </nav>
      {opened !== null && (
        <RequestStory key={opened.row_id} request={opened} onClose={() => setOpened(null)} />
      )}
    </section>
  );
}

/** What runs has no status yet. */
function runningOf(
  snapshot: DashboardSnapshot | null,
  { status, model, key }: RequestFilter,
): RunningRequest[] {
  if (snapshot === null || status !== '') return [];
  return snapshot.running.filter(
    (request) =>
      (model === '' || request.model === model) && (key === '' || request.clientKeyId === key),
  );
}

function emptyWords(
  filter: RequestFilter,
  { has_more }: RequestPage,
  text: ReturnType<typeof useWording>['text'],
): string {
  if (has_more) return text.moreToLookAt;
  return filter === NO_FILTER ? text.noRequests : text.noMatch;
}
