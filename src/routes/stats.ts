import { Elysia } from 'elysia';
import { adminAuth } from '../http/client-auth.ts';
import { CSV_TYPE } from '../stats/csv.ts';
import {
  readStats,
  STATS_GROUPINGS,
  type StatsGrouping,
  type StatsSources,
} from '../stats/read-stats.ts';
import { RESOLUTIONS } from '../stats/rollup-key.ts';
import { toStatsCsv } from '../stats/stats-csv.ts';
import type { StatsSummary } from '../stats/stats-summary.ts';
import { optionalTexts, readRange, readWord } from './query-values.ts';
import { EXPORT_STATS, READ_STATS } from './stats-docs.ts';

export interface StatsRouteOptions extends StatsSources {
  adminKey: string;
}

const QUERY = optionalTexts('from', 'to', 'group_by', 'interval');

const GROUPINGS = Object.keys(STATS_GROUPINGS) as StatsGrouping[];
const INTERVALS = [...RESOLUTIONS, 'auto'] as const;

/**
 * `GET /v1/stats?from&to&group_by&interval` and `GET /v1/stats.csv` (admin key): sums over a range, by
 * default the last 24 hours.
 */
export const statsRoutes = ({ adminKey, ...sources }: StatsRouteOptions) =>
  new Elysia({ name: 'stats-routes' })
    .use(adminAuth({ key: adminKey }))
    .get('/v1/stats', ({ query }) => answer(sources, query), { query: QUERY, detail: READ_STATS })
    .get(
      '/v1/stats.csv',
      ({ query }) =>
        new Response(toStatsCsv(answer(sources, query)), {
          headers: {
            'content-type': CSV_TYPE,
            'content-disposition': 'attachment; filename="stats.csv"',
          },
        }),
      { query: QUERY, detail: EXPORT_STATS },
    );

function answer(sources: StatsSources, query: typeof QUERY.static): StatsSummary {
  return readStats(sources, {
    ...readRange(query),
    groupBy: readWord('group_by', query.group_by, GROUPINGS),
    interval: readWord('interval', query.interval, INTERVALS),
  });
}
