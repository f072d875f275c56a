/**
 * How long the statistics take with many requests stored, and what a request costs to store:
 *
 *   node scripts/with-bun.mjs run bench/stats.ts --requests 1000000 --days 7 --runs 20
 *
 * Every question that a route asks of the database is asked `--runs` times; the median and the worst
 * of the warm ones are printed, in ms. Rows are made up, the same each time, and evenly spread over
 * `--days` up to now. `--database` keeps the file, and takes one that is there as it is.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../src/db/open-database.ts';
import { createRequestStore } from '../src/stats/request-store.ts';
import { createRollupStore } from '../src/stats/rollup-store.ts';
import { loadRequests } from './stats/load-requests.ts';
import { createQuestions } from './stats/questions.ts';
import { timeRuns } from './stats/time-runs.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '7' },
    runs: { type: 'string', default: '20' },
    database: { type: 'string' },
  },
});
const path = values.database ?? join(mkdtempSync(join(tmpdir(), 'glm-stats-')), 'gateway.db');
const isThere = existsSync(path);
using database = openDatabase(path);
const requests = createRequestStore(database);
const rollups = createRollupStore(database);

if (!isThere) {
  const costs = loadRequests({
    requests,
    rollups,
    count: Number(values.requests),
    days: Number(values.days),
  });
  for (const { name, cpuUs } of costs) console.log(`${cpuUs.toFixed(1).padStart(8)} µs  ${name}`);
}
database.run('PRAGMA wal_checkpoint(TRUNCATE)');
const count = (table: string) =>
  database.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
const megabytes = Math.round(statSync(path).size / 1_000_000);
console.log(
  `${count('requests')} requests, ${count('rollups')} rows of rollups, ${megabytes} MB\n`,
);

console.log('median     worst');
for (const { name, ask } of createQuestions({ database, requests, rollups })) {
  const { medianMs, worstMs } = timeRuns(ask, Number(values.runs));
  console.log(`${medianMs.toFixed(2).padStart(6)} ${worstMs.toFixed(2).padStart(9)} ms  ${name}`);
}
if (values.database === undefined) rmSync(dirname(path), { recursive: true });
