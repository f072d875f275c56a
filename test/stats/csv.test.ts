import { describe, expect, test } from 'bun:test';
import { toCsvLine } from '../../src/stats/csv.ts';
import { readStats } from '../../src/stats/read-stats.ts';
import { toStatsCsv } from '../../src/stats/stats-csv.ts';
import { startStatistics } from './start-statistics.ts';

describe('a line of a table', () => {
  test('quotes what has commas, quotes and line breaks, and nothing else', () => {
    expect(toCsvLine(['a b', 'a,b', 'say "hi"', 'two\nlines', 1.5, true, null, ''])).toBe(
      'a b,"a,b","say ""hi""","two\nlines",1.5,true,,\r\n',
    );
  });

  test('has no text that a spreadsheet would run, and leaves numbers alone', () => {
    expect(toCsvLine(['=1+1', '+a', '-a', '@a', '\ta', '=a,b', -1])).toBe(
      `'=1+1,'+a,'-a,'@a,'\ta,"'=a,b",-1\r\n`,
    );
  });
});

describe('the table of a summary', () => {
  const NOW = Date.UTC(2026, 10, 20, 12);
  const table = (question: Parameters<typeof readStats>[1]) => {
    using stats = startStatistics({ now: () => NOW });
    stats.record(
      { startedAt: NOW - 60_000, model: 'GLM-5', cachedTokens: null },
      { startedAt: NOW - 60_000 },
      { startedAt: NOW - 30_000 },
    );
    const text = toStatsCsv(readStats(stats.sources, question));
    return text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').slice(0, 3));
  };

  test('has one line for all, or one for each group, point, or point of each group', () => {
    expect([
      table({}),
      table({ groupBy: 'model' }),
      table({ interval: 'day' }),
      table({ groupBy: 'model', interval: 'hour' }),
    ]).toEqual([
      [
        ['requests', 'completed', 'failed'],
        ['3', '3', '0'],
      ],
      [
        ['model', 'requests', 'completed'],
        ['GLM-4.6', '2', '2'],
        ['GLM-5', '1', '1'],
      ],
      [
        ['start', 'requests', 'completed'],
        ['2026-11-20T00:00:00.000Z', '3', '3'],
      ],
      [
        ['model', 'start', 'requests'],
        ['GLM-4.6', '2026-11-20T11:00:00.000Z', '2'],
        ['GLM-5', '2026-11-20T11:00:00.000Z', '1'],
      ],
    ]);
  });

  test('names each time with its percentile, and leaves unknown cells empty', () => {
    using stats = startStatistics({ now: () => NOW });
    stats.record({ startedAt: NOW, firstByteMs: null, cachedTokens: null });
    const [names = '', values = ''] = toStatsCsv(readStats(stats.sources)).split('\r\n');
    const cells = values.split(',');
    expect(Object.fromEntries(names.split(',').map((name, index) => [name, cells[index]]))).toEqual(
      {
        requests: '1',
        completed: '1',
        failed: '0',
        cancelled: '0',
        attempts: '1',
        prompt_tokens: '10',
        completion_tokens: '20',
        reasoning_tokens: '5',
        cached_tokens: '',
        edit_conflicts: '0',
        first_byte_ms_average: '',
        first_byte_ms_p50: '',
        first_byte_ms_p95: '',
        first_byte_ms_p99: '',
        duration_ms_average: '1000',
        duration_ms_p50: expect.stringMatching(/^\d+$/),
        duration_ms_p95: expect.stringMatching(/^\d+$/),
        duration_ms_p99: expect.stringMatching(/^\d+$/),
      },
    );
  });
});
