import { useEffect, useState } from 'preact/hooks';
import { useWording } from '../text/text-context.ts';
import type { RequestItem } from './request-table.tsx';

/** Which requests are shown; empty = all. */
export interface RequestFilter {
  status: StatusChoice | '';
  model: string;
  key: string;
}

const STATUS_CHOICES = ['ok', 'failed', 'cancelled', '4xx', '5xx'] as const;

type StatusChoice = (typeof STATUS_CHOICES)[number];

export const NO_FILTER: RequestFilter = { status: '', model: '', key: '' };

/** The filter as the API takes it. */
export function toQuery({ status, model, key }: RequestFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (status === 'ok') query.set('outcome', 'completed');
  else if (status === 'failed' || status === 'cancelled') query.set('outcome', status);
  else if (status !== '') query.set('status', status);
  if (model !== '') query.set('model', model);
  if (key !== '') query.set('key', key);
  return query;
}

interface RequestFiltersProps {
  filter: RequestFilter;
  /** What is shown now: its models and keys can be chosen from then on. */
  requests: readonly RequestItem[];
  onChange: (filter: RequestFilter) => void;
}

/** By status, model and key. */
export function RequestFilters({ filter, requests, onChange }: RequestFiltersProps) {
  const { text } = useWording();
  const models = useSeen(requests.map(({ model }) => model));
  const keys = useSeen(requests.flatMap(({ client_key_id }) => client_key_id ?? []));
  return (
    <fieldset class="filters">
      <legend class="unseen">{text.filters}</legend>
      <Filter
        name={text.status}
        value={filter.status}
        values={STATUS_CHOICES.map((status) => [status, text.statuses[status]])}
        onChoose={(status) => onChange({ ...filter, status: status as RequestFilter['status'] })}
      />
      <Filter
        name={text.model}
        value={filter.model}
        values={models.map((model) => [model, model])}
        onChoose={(model) => onChange({ ...filter, model })}
      />
      <Filter
        name={text.key}
        value={filter.key}
        values={keys.map((key) => [key, key])}
        onChoose={(key) => onChange({ ...filter, key })}
      />
    </fieldset>
  );
}

interface FilterProps {
  name: string;
  value: string;
  values: readonly (readonly [value: string, name: string])[];
  onChoose: (value: string) => void;
}

function Filter({ name, value, values, onChoose }: FilterProps) {
  const { text } = useWording();
  return (
    <label>
      <span>{name}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">{text.all}</option>
        {values.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** All that was ever there, in order: a filter must not take away the way to another one. */
function useSeen(values: readonly string[]): string[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const fresh = values.filter((value) => !seen.includes(value));
  useEffect(() => {
    if (fresh.length > 0) setSeen([...new Set([...seen, ...fresh])]);
  });
  return [...new Set([...seen, ...fresh])].sort();
}
