import type { toRequestObject } from '../../../routes/requests-view.ts';
import type { RunningRequest } from '../../dashboard-snapshot.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { ScrollBox } from '../parts/scroll-box.tsx';
import { useWording } from '../text/text-context.ts';

/** A settled request, as `GET /v1/requests` has it. */
export type RequestItem = ReturnType<typeof toRequestObject>;

interface RequestTableProps {
  requests: readonly RequestItem[];
  /** Those that are not settled yet, and come first. */
  running: readonly RunningRequest[];
  /** Of the running ones. Unix ms. */
  now: number;
  onOpen: (request: RequestItem) => void;
}

/** Requests, the newest first. On a phone a row is a small card. */
export function RequestTable({ requests, running, now, onOpen }: RequestTableProps) {
  const { text } = useWording();
  return (
    <ScrollBox name={text.requests}>
      <table class="requests">
        <thead>
          <tr>
            <th scope="col">{text.time}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.model}</th>
            <th scope="col">{text.upstream}</th>
            <th scope="col" class="number">
              {text.attemptsShort}
            </th>
            <th scope="col" class="number">
              {text.tokens}
            </th>
            <th scope="col" class="number">
              {text.firstByte}
            </th>
            <th scope="col" class="number">
              {text.duration}
            </th>
            <th scope="col">{text.request}</th>
            <th scope="col">{text.client}</th>
            <th scope="col">{text.userAgent}</th>
          </tr>
        </thead>
        <tbody>
          {running.map((request) => (
            <RunningRow
              key={`${request.requestId} ${request.startedAt}`}
              request={request}
              now={now}
            />
          ))}
          {requests.map((request) => (
            <RequestRow key={request.row_id} request={request} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function RequestRow({
  request,
  onOpen,
}: { request: RequestItem } & Pick<RequestTableProps, 'onOpen'>) {
  const { text, format } = useWording();
  const time = format.time(request.started_at);
  return (
    // The button is what keyboards and screen readers use; the row is a larger place to click on.
    <tr class="opens" onClick={() => onOpen(request)}>
      <td class="time">
        <button type="button" class="link" aria-label={text.openStory(time)}>
          {time}
        </button>
      </td>
      <td class="status">
        <StatusBadge request={request} />
      </td>
      <td class="model">{request.model}</td>
      <td class="upstream">{request.upstream ?? '–'}</td>
      <td class="number attempts">{request.attempts}</td>
      <td class="number tokens">
        {format.count(request.prompt_tokens)} → {format.count(request.completion_tokens)}
      </td>
      <td class="number first-byte">{format.ms(request.first_byte_ms)}</td>
      <td class="number duration">{format.ms(request.duration_ms)}</td>
      <td class="path">
        {request.method} {request.path}
      </td>
      <td class="client">{request.client_address ?? '–'}</td>
      <td class="agent" title={request.user_agent ?? ''}>
        {request.user_agent ?? '–'}
      </td>
    </tr>
  );
}

function RunningRow({ request, now }: { request: RunningRequest; now: number }) {
  const { text, format } = useWording();
  return (
    <tr class="unsettled">
      <td class="time">{format.time(request.startedAt)}</td>
      <td class="status">
        <Badge tone="busy">{text.isRunning}</Badge>
      </td>
      <td class="model">{request.model ?? '–'}</td>
      <td class="upstream">–</td>
      <td class="number attempts">–</td>
      <td class="number tokens">–</td>
      <td class="number first-byte">–</td>
      <td class="number duration">{format.span(Math.max(0, now - request.startedAt))}</td>
      <td class="path">
        {request.method} {request.path}
      </td>
      <td class="client">{request.clientAddress ?? '–'}</td>
      <td class="agent" title={request.userAgent ?? ''}>
        {request.userAgent ?? '–'}
      </td>
    </tr>
  );
}

/** The status, and the error's code or that the client left. */
export function StatusBadge({ request }: { request: RequestItem }) {
  const { text } = useWording();
  const { status, outcome, error_code: code } = request;
  const reason = outcome === 'completed' ? '' : ` ${code ?? text[outcome]}`;
  return <Badge tone={toneOf(request)}>{`${status}${reason}`}</Badge>;
}

function toneOf({ outcome, status }: RequestItem): Tone {
  if (outcome === 'cancelled') return 'calm';
  if (outcome === 'completed') return 'good';
  return status >= 500 || status < 400 ? 'bad' : 'warn';
}
