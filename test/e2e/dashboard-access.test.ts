import { describe, expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { browserTest as test } from '../support/dashboard/browser-test.ts';
import { logIn, openView, withDashboard } from '../support/dashboard/with-dashboard.ts';
import { postChat } from '../support/post-chat.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = ['Now', 'Requests', 'Credentials', 'System'];

/** What axe-core finds, however slight: its rule, and the first place. */
async function findBarriers(page: Page): Promise<string[]> {
  // The page's policy allows no script but its own; this one comes from the debugger.
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([1440, 390])('axe-core finds nothing in any view, %p px wide', (width) =>
    withDashboard(
      {
        script: plainAnswer('Hello.'),
        browser: { colorScheme, viewport: { width, height: 844 }, reducedMotion: 'reduce' },
      },
      async ({ page, gateway }) => {
        await (await postChat(gateway, { stream: false })).text();
        await (await postChat(gateway, { model: 'none' })).text();
        const barriers: Record<string, string[]> = { login: await findBarriers(page) };
        await logIn(page);
        for (const view of VIEWS) {
          await openView(page, view);
          await page.locator('table').first().waitFor();
          barriers[view] = await findBarriers(page);
        }
        await openView(page, 'Requests');
        await page.locator('.requests tbody tr').first().click();
        await page.getByText('Timeline').or(page.getByText('Attempt 1')).first().waitFor();
        barriers.story = await findBarriers(page);
        const none = Object.fromEntries(Object.keys(barriers).map((place) => [place, []]));
        expect(barriers).toEqual(none);
      },
    ),
  );
});

test.each([360, 390])('%p px are wide enough: no view scrolls sideways', (width) =>
  withDashboard(
    { script: plainAnswer('Hello.'), browser: { viewport: { width, height: 800 } } },
    async ({ page, gateway }) => {
      await (await postChat(gateway, { stream: false })).text();
      await logIn(page);
      const tooWide: string[] = [];
      for (const view of VIEWS) {
        await openView(page, view);
        await page.locator('table').first().waitFor();
        const excess = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (excess > 0) tooWide.push(`${view} by ${excess} px`);
      }
      expect(tooWide).toEqual([]);
    },
  ),
);

test('a keyboard is enough to log in and to get to the content', () =>
  withDashboard({}, async ({ page }) => {
    await page.getByLabel('Admin key').waitFor();
    await page.keyboard.type('sk-test-admin');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  }));
