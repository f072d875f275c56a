/**
 * Runs a gateway for a long time under load, with faults at random on both sides, and reports what
 * it holds meanwhile and whether its records agree with what clients and upstream saw:
 *
 *     npm run soak                                  # 30 minutes, 200 streams
 *     npm run soak -- --minutes 2 --streams 50
 *
 * Ends with status 1 when the accounts differ or something was not given back.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawnGateway } from '../../test/support/gateway-process.ts';
import { CLIENT_KEY } from '../../test/support/start-gateway.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { startZaiWebSimulator } from '../../test/support/zai-web/simulator.ts';
import { readHoldings, readRecords } from './gateway-state.ts';
import { runClient } from './soak-client.ts';
import { chooseHabit, chooseScenario } from './soak-plan.ts';
import { SoakTally } from './soak-tally.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    streams: { type: 'string', default: '200' },
  },
});
const lanes = Number(values.streams);
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const REPORTS = 30;

/** Short, so that recoveries happen all the time. */
const SETTINGS = {
  WORKERS: '1',
  IDLE_TIMEOUT: '3s',
  TOKEN_RECOVERY_TIMEOUT: '5s',
  UPSTREAM_RECOVERY_TIMEOUT: '1s',
};

using folder = temporaryFolder();
let completions = 0;
await using simulator = await startZaiWebSimulator({
  script() {
    completions += 1;
    return chooseScenario(Math.random);
  },
});
const accounts = Array.from({ length: 5 }, () => simulator.addAccount());
const databasePath = join(folder.path, 'gateway.db');
await using gateway = await spawnGateway(simulator, {
  ...SETTINGS,
  ZAI_TOKENS: accounts.join(','),
  DATABASE_PATH: databasePath,
});
const tally = new SoakTally();
const before = readHoldings(gateway.pid);
console.log('before', before);

const reports = setInterval(
  () => {
    const served = { requests: tally.size, upstreamStreams: simulator.openStreams };
    console.log(new Date().toISOString(), { ...readHoldings(gateway.pid), ...served });
  },
  (Number(values.minutes) * 60_000) / REPORTS,
);
await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
clearInterval(reports);
await simulator.waitFor(() => simulator.openStreams === 0);
// Connections that nobody uses are closed after 30 s of idleness, at the latest.
for (let waited = 0; waited < 60 && readHoldings(gateway.pid).files > before.files; waited += 1) {
  await Bun.sleep(1_000);
}
const after = readHoldings(gateway.pid);
gateway.kill('SIGTERM');
const exitCode = await gateway.exited;

const records = readRecords(databasePath);
const attempts = records.reduce((sum, record) => sum + record.attempts, 0);
const report = tally.compare(records);
console.log('after', after, { exitCode });
console.log(report);
console.log({ attempts, completionsSeenByUpstream: completions });
// An attempt whose client leaves before it is on its way reaches nobody.
const isAttemptsRight = completions <= attempts && attempts - completions < lanes;
const isRight = report.differences.length === 0 && isAttemptsRight && exitCode === 0;
process.exitCode = isRight ? 0 : 1;

/** One client after the other, each as soon as the one before it is done. */
async function runLane(lane: number): Promise<void> {
  const target = { origin: gateway.origin, clientKey: CLIENT_KEY };
  for (let count = 0; Date.now() < endsAt; count += 1) {
    const id = `soak-${lane}-${count}`;
    // Who leaves sooner may never have arrived.
    const leaveAfterMs = 100 + Math.random() * 5_000;
    tally.add(id, await runClient(target, id, chooseHabit(Math.random), leaveAfterMs));
  }
}
