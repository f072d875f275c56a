import { isRecord } from '../../lib/is-record.ts';
import type { LiveModel } from '../live-model.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { callWebJson } from './call-web-json.ts';
import { browserHeaders } from './headers.ts';
import type { WebSite } from './web-site.ts';

/**
 * The models a credential may use, from `GET /api/models`, in the service's order. Entries that make
 * no sense are left out. Rejects only when `signal` aborts.
 */
export async function fetchLiveModels(
  site: WebSite,
  secret: string,
  signal: AbortSignal,
): Promise<UpstreamResult<LiveModel[]>> {
  const answered = await callWebJson(
    {
      method: 'GET',
      url: `${site.baseUrl}/api/models`,
      headers: { ...browserHeaders(site, '/'), Authorization: `Bearer ${secret}` },
      proxyUrl: site.proxyUrl,
      secret,
    },
    signal,
  );
  if (!answered.ok) return answered;
  const entries = Array.isArray(answered.value.data) ? answered.value.data : [];
  return { ok: true, value: entries.flatMap(readModel) };
}

function readModel(entry: unknown): LiveModel[] {
  if (!isRecord(entry) || typeof entry.id !== 'string' || entry.id === '') return [];
  const name = typeof entry.name === 'string' && entry.name !== '' ? entry.name : entry.id;
  const active = !isRecord(entry.info) || entry.info.is_active !== false;
  return [{ id: entry.id, name, active }];
}
