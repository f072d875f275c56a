import { expect } from 'bun:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ADMIN_KEY } from '../start-gateway.ts';
import { type Stage, type StageOptions, withGateway } from '../with-gateway.ts';
import { findChromium } from './find-chromium.ts';

export interface DashboardStage extends Stage {
  /** Has the dashboard open, at its login. */
  page: Page;
}

export interface DashboardOptions extends StageOptions {
  browser?: BrowserContextOptions;
  /** Errors on the browser's console that the test means to cause. */
  expectedErrors?: readonly RegExp[];
}

/** What a busy machine may take to show something. */
const PATIENCE_MS = 20_000;

let browser: Promise<Browser> | null = null;

/** A page in a browser that knows nothing yet; its context is the caller's to close. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= launch();
  const context = await (await browser).newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** One browser for all tests of a process; it ends with that. */
async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      "The dashboard's tests need Chromium: `apt-get install chromium` on Debian or Ubuntu, " +
        '`brew install --cask google-chrome` on macOS, or its path in the variable CHROMIUM.',
    );
  }
  // Root, as in a container, has no sandbox.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/**
 * Runs a test with the dashboard of a gateway of its own, in a browser that knows nothing yet. When
 * it has passed, asserts that the page told its console of no error and asked no other host.
 */
export async function withDashboard(
  { browser: contextOptions = {}, expectedErrors = [], ...options }: DashboardOptions,
  run: (stage: DashboardStage) => Promise<void>,
): Promise<void> {
  await withGateway(options, async (stage) => {
    const page = await openPage(contextOptions);
    try {
      const seen = watch(page, stage.gateway.origin);
      await page.goto(`${stage.gateway.origin}/dashboard`);
      await run({ ...stage, page });
      const unexpected = seen.errors.filter(
        (error) => !expectedErrors.some((pattern) => pattern.test(error)),
      );
      expect({ errors: unexpected, otherHosts: seen.otherHosts }).toEqual({
        errors: [],
        otherHosts: [],
      });
    } finally {
      await page.context().close();
    }
  });
}

function watch(page: Page, origin: string) {
  const seen = { errors: [] as string[], otherHosts: [] as string[] };
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) seen.otherHosts.push(url);
  });
  return seen;
}

/** Logs in with the admin key, and waits for the first view. */
export async function logIn(page: Page, key: string = ADMIN_KEY): Promise<void> {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
  if (key === ADMIN_KEY) await page.getByRole('navigation', { name: 'Views' }).waitFor();
}

/** Goes to a view by its link. */
export async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor({ state: 'attached' });
}
