import { isRecord } from '../../lib/is-record.ts';
import type { LiveModel } from '../live-model.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import type { ApiSite } from './api-site.ts';
import { callApi } from './call-api.ts';

/**
 * The models that an OpenAI-compatible server has (`GET /models`), by their ids. Entries that make no
 * sense are left out. Rejects only when `signal` aborts.
 */
export async function listApiModels(
  site: ApiSite,
  secret: string,
  signal: AbortSignal,
): Promise<UpstreamResult<LiveModel[]>> {
  const answered = await callApi(site, { path: '/models', secret }, signal);
  if (!answered.ok) return answered;
  const entries = Array.isArray(answered.value.data) ? answered.value.data : [];
  return { ok: true, value: entries.flatMap(readModel) };
}

function readModel(entry: unknown): LiveModel[] {
  if (!isRecord(entry) || typeof entry.id !== 'string' || entry.id === '') return [];
  return [{ id: entry.id, name: entry.id, active: true }];
}
