import { describe, expect } from 'bun:test';
import { browserTest as test } from '../support/dashboard/browser-test.ts';
import { logIn, openView, withDashboard } from '../support/dashboard/with-dashboard.ts';
import { postChat } from '../support/post-chat.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { echoReply } from '../support/zai-web/scenarios/echo-reply.ts';
import { statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';

const UNAUTHORIZED = /401 \(Unauthorized\)/;
const LIMITED = /429 \(Too Many Requests\)/;

describe('the login', () => {
  test('lets the admin key in, for this browser, until it is left', () =>
    withDashboard({}, async ({ page }) => {
      await logIn(page);
      await page.reload();
      await page.getByText('Requests per second').waitFor();
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });

      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Admin key').waitFor();
      await page.reload();
      await page.getByLabel('Admin key').waitFor();
      expect(await page.context().cookies()).toEqual([]);
    }));

  test('refuses wrong keys, and after a few of them every key for a while', () =>
    withDashboard({ expectedErrors: [UNAUTHORIZED, LIMITED] }, async ({ page }) => {
      await logIn(page, 'wrong');
      await page.getByText('This is not the admin key.').waitFor();
      const statuses = await page.evaluate(async (right) => {
        const answers: number[] = [];
        for (const key of ['a', 'b', 'c', 'd', right]) {
          const body = JSON.stringify({ key });
          const headers = { 'content-type': 'application/json', 'x-dashboard': '1' };
          const init = { method: 'POST', headers, body };
          answers.push((await fetch('/dashboard/session', init)).status);
        }
        return answers;
      }, 'sk-test-admin');
      expect(statuses).toEqual([401, 401, 401, 401, 429]);
      await logIn(page, 'sk-test-admin-too-late');
      await page.getByText(/^Too many wrong keys\. Try again in \d+ s\.$/).waitFor();
    }));
});

describe('requests', () => {
  test('appear by themselves while they stream, and go on to what they came to', () => {
    const gate = createGate();
    const script = answerHeldAt(gate, 'Hel', 'lo.');
    return withDashboard({ script }, async ({ page, gateway }) => {
      await logIn(page);
      await openView(page, 'Requests');
      await page.getByText('No requests yet.').waitFor();
      const reply = postChat(gateway, { stream: true }).then((response) => response.text());
      await page.getByText('1 running now').waitFor();
      const statuses = page.locator('.requests tbody .status');
      expect(await statuses.allTextContents()).toEqual(['running']);
      gate.open();
      await reply;
      await page.getByRole('button', { name: /^Story of the request of/ }).waitFor();
      await page.getByText('0 running now').waitFor();
      expect(await statuses.allTextContents()).toEqual(['200']);
    });
  });

  test('tell their story: every attempt, and why it failed', () => {
    const script = inTurn(statusErrors[500](), plainAnswer('Hello.'));
    return withDashboard({ script }, async ({ page, gateway }) => {
      await (await postChat(gateway, { stream: false })).text();
      await logIn(page);
      await openView(page, 'Requests');
      await page.getByRole('button', { name: /^Story of the request of/ }).press('Enter');
      const story = page.getByRole('dialog', { name: 'Story of a request' });
      await story.getByText('Attempt 2').waitFor();
      const states = await story.locator('.attempts .badge').allTextContents();
      expect(states).toEqual(['failed', 'completed']);
      expect(await story.locator('.failure').textContent()).toContain('HTTP 500');

      await page.keyboard.press('Escape');
      await story.waitFor({ state: 'detached' });
      await page.locator(':focus[aria-label^="Story of the request of"]').waitFor();
    });
  });

  test('can be chosen by status, and what does not match is not shown', () =>
    withDashboard({ script: plainAnswer('Hello.') }, async ({ page, gateway }) => {
      await (await postChat(gateway, { stream: false })).text();
      await (await postChat(gateway, { model: 'none' })).text();
      await logIn(page);
      await openView(page, 'Requests');
      await page.locator('.requests tbody tr').nth(1).waitFor();
      await page.getByLabel('Status').selectOption('4xx');
      await page.getByText('404 model_not_found').waitFor();
      await page.locator('.requests tbody tr').nth(1).waitFor({ state: 'detached' });
      expect(await page.locator('.requests tbody .status').allTextContents()).toEqual([
        '404 model_not_found',
      ]);
    }));
});

describe('credentials', () => {
  test('are added by paste, with a result for each, checked, disabled and deleted', () =>
    withDashboard({ script: echoReply }, async ({ page, simulator }) => {
      const token = simulator.addAccount();
      await logIn(page);
      await openView(page, 'Credentials');
      const rows = page.locator('.tokens tbody tr');
      await rows.first().waitFor();

      await page.getByRole('button', { name: 'Add tokens' }).click();
      await page.getByLabel('Tokens, one a line').fill(`${token}\nnonsense`);
      await page.getByRole('button', { name: 'Add (2)' }).click();
      await page.getByText('1 added').waitFor();
      const results = await page.locator('.results .badge').allTextContents();
      expect(results).toEqual(['added', 'refused']);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
      await rows.nth(1).waitFor();

      await page.getByRole('button', { name: 'Check all' }).click();
      await page.getByText('2 alive, 0 dead, 0 could not be asked about').waitFor();

      await rows
        .nth(1)
        .getByRole('button', { name: /^Disable / })
        .click();
      await rows.nth(1).getByText('disabled').waitFor();

      await rows
        .nth(1)
        .getByRole('button', { name: /^Delete / })
        .click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await rows.nth(1).waitFor({ state: 'detached' });
      expect(await rows.count()).toBe(1);
    }));
});

describe('the page', () => {
  test('asks every few seconds when there is no stream of events', () =>
    withDashboard({ expectedErrors: [/ERR_FAILED/] }, async ({ page }) => {
      await page.route('**/dashboard/events', (route) => route.abort());
      await logIn(page);
      await page.getByRole('status').getByText('Every 5 s').waitFor();
      await page.getByText('Requests per second').waitFor();
    }));

  test('shows what the settings are and where they come from, and no secret', () =>
    withDashboard({ env: { QUEUE_TIMEOUT: '7 s' } }, async ({ page }) => {
      await logIn(page);
      await openView(page, 'System');
      const row = (name: string) =>
        page.locator('.settings tbody tr', { has: page.getByText(name, { exact: true }) });
      await row('QUEUE_TIMEOUT').waitFor();
      expect(await row('QUEUE_TIMEOUT').locator('td').allTextContents()).toEqual([
        '7 s',
        'environment',
      ]);
      expect(await row('ADMIN_KEY').locator('td').first().textContent()).toBe('set, hidden');
      expect(await page.content()).not.toContain('sk-test-');
    }));

  test('switches theme and language, and keeps both', () =>
    withDashboard({ browser: { colorScheme: 'light' } }, async ({ page }) => {
      const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      await logIn(page);
      const light = await paper();
      await page.getByLabel('Theme').selectOption('dark');
      const dark = await paper();
      expect(dark).not.toBe(light);
      await page.getByLabel('Language').selectOption('zh');
      await page.getByRole('link', { name: '凭证' }).waitFor();

      await page.reload();
      await page.getByRole('link', { name: '凭证' }).waitFor();
      expect([await paper(), await page.evaluate('document.documentElement.lang')]).toEqual([
        dark,
        'zh-CN',
      ]);
    }));

  test.each([
    ['zh-CN', '管理密钥'],
    ['de-DE', 'Admin key'],
  ])('begins in the language of the browser, or in English: %s', (locale, label) =>
    withDashboard({ browser: { locale } }, async ({ page }) => {
      await page.getByLabel(label).waitFor();
    }),
  );
});
