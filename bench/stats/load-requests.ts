import type { RequestStore } from '../../src/stats/request-store.ts';
import type { RollupStore } from '../../src/stats/rollup-store.ts';
import { createRequestMaker } from './made-up-requests.ts';

interface LoadOptions {
  requests: RequestStore;
  rollups: RollupStore;
  count: number;
  /** Over how many days up to now they are spread. */
  days: number;
}

/** CPU time of one request, in µs. */
export interface Cost {
  name: string;
  cpuUs: number;
}

const DAY_MS = 86_400_000;
/** What a transaction holds under load, and what is written alone to see what that costs. */
const BATCH_SIZE = 500;
const ALONE = 2_000;

/** Stores and counts made-up requests, as the gateway does; what that costs, for each request. */
export function loadRequests({ requests, rollups, count, days }: LoadOptions): Cost[] {
  const make = createRequestMaker();
  const now = Date.now();
  let made = 0;
  const makeBatch = (size: number) =>
    Array.from({ length: Math.min(size, count - made) }, () => {
      made += 1;
      return make(Math.floor(now - days * DAY_MS * (1 - made / count)));
    });
  const storing = (size: number, upTo: number) => {
    let us = 0;
    const before = made;
    while (made < upTo) {
      const batch = makeBatch(size);
      us += cpuUs(() => requests.insertMany(batch));
    }
    return us / Math.max(1, made - before);
  };
  const alone = storing(1, Math.min(ALONE, count));
  const together = storing(BATCH_SIZE, count);
  const counting = cpuUs(() => {
    while (rollups.countMore(BATCH_SIZE) > 0);
  });
  return [
    { name: 'to store a request alone', cpuUs: alone },
    { name: `to store one of ${BATCH_SIZE}`, cpuUs: together },
    { name: `to count one of ${BATCH_SIZE}`, cpuUs: counting / made },
  ];
}

function cpuUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
