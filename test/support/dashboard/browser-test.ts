import { test } from 'bun:test';
import { findChromium } from './find-chromium.ts';

/**
 * A test that drives a real browser. Where there is none it is skipped, and counted as that: whoever
 * has only Node can still run everything else. With `CHROMIUM_REQUIRED`, as in CI, it fails instead.
 */
export const browserTest = test.skipIf(
  findChromium() === null && process.env.CHROMIUM_REQUIRED === undefined,
);
