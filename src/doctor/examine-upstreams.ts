import { configuredUpstreams } from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import type { LiveModel } from '../upstream/live-model.ts';
import type { UpstreamId } from '../upstream-id.ts';
import type { Examination } from './diagnosis.ts';
import { examineApi } from './examine-api.ts';
import { examineWeb } from './examine-web.ts';

/** One upstream, and the models it says it has; null = it has not said, or has no list. */
export interface UpstreamExamination extends Examination {
  models: readonly LiveModel[] | null;
}

/** All upstreams of the settings. */
export interface UpstreamExaminations {
  examinations: readonly UpstreamExamination[];
  lists: ReadonlyMap<UpstreamId, readonly LiveModel[]>;
}

/** Asks each upstream that the settings name, all at once. */
export async function examineUpstreams(config: Config): Promise<UpstreamExaminations> {
  const ids = configuredUpstreams(config);
  const examinations = await Promise.all(
    ids.map((id) => (id === 'zai-web' ? examineWeb(config) : examineApi(config))),
  );
  const lists = new Map<UpstreamId, readonly LiveModel[]>();
  for (const [index, { models }] of examinations.entries()) {
    const id = ids[index];
    if (id !== undefined && models !== null) lists.set(id, models);
  }
  return { examinations, lists };
}
