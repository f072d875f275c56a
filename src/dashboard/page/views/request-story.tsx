import type { toToldRequestObject } from '../../../routes/requests-view.ts';
import { AnswerProblem } from '../parts/answer-problem.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { useWording, type Wording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';
import { AttemptList } from './attempt-list.tsx';
import { type RequestItem, StatusBadge } from './request-table.tsx';

type ToldRequest = ReturnType<typeof toToldRequestObject>;

interface RequestStoryProps {
  request: RequestItem;
  onClose: () => void;
}

/** All that is known of one request: what it came to, and each attempt with its clocks. */
export function RequestStory({ request, onClose }: RequestStoryProps) {
  const wording = useWording();
  const { text } = wording;
  const path = `/v1/requests/${encodeURIComponent(request.id)}`;
  const { answer, error, refresh } = useAnswer<{ data: ToldRequest[] }>(path);
  const told = answer?.data.find(({ row_id }) => row_id === request.row_id) ?? null;
  const sameId = answer?.data.length ?? 1;
  return (
    <Dialog title={text.story} onClose={onClose} isWide>
      <p class="story-head">
        <StatusBadge request={request} /> {request.method} {request.path}
      </p>
      <Facts facts={factsOf(request, wording)} />
      {sameId > 1 && <p class="hint">{text.sameId(sameId)}</p>}
      <AnswerProblem error={error} onRetry={refresh} />
      {told !== null && <AttemptList request={told} />}
    </Dialog>
  );
}

function factsOf(request: RequestItem, { text, format }: Wording): [string, string][] {
  const { count, ms } = format;
  const tokens = [
    `${count(request.prompt_tokens)} ${text.prompt}`,
    `${count(request.completion_tokens)} ${text.completion}`,
    `${count(request.reasoning_tokens)} ${text.reasoning}`,
    `${count(request.cached_tokens)} ${text.cached}`,
  ];
  return [
    [text.requestId, request.id],
    [text.time, format.dateTime(request.started_at)],
    [text.model, request.model],
    [text.upstream, request.upstream ?? '–'],
    [text.outcome, text[request.outcome]],
    ...optional(text.error, request.error_code),
    [text.attempts, count(request.attempts)],
    [text.streamed, request.stream ? text.yes : text.no],
    [text.tokens, tokens.join(', ')],
    [text.waitedForTurn, ms(request.queue_ms)],
    [text.firstByte, ms(request.first_byte_ms)],
    [text.duration, ms(request.duration_ms)],
    [text.key, request.client_key_id ?? text.noKey],
    [text.client, request.client_address ?? '–'],
    [text.userAgent, request.user_agent ?? '–'],
    ...optional(text.editConflicts, request.edit_conflicts || null),
  ];
}

function optional(name: string, value: string | number | null): [string, string][] {
  return value === null ? [] : [[name, String(value)]];
}
