import type { Page, Route } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { alive, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

/** From now on the page asks for what no release knows, as it would after the next one. */
async function renewTheTool(page: Page): Promise<() => Promise<void>> {
  const ask = async (route: Route) => {
    const headers = route.request().headers();
    const action = headers['next-action'];
    if (action === undefined) await route.fallback();
    else await route.continue({ headers: { ...headers, 'next-action': `${action.slice(0, -6)}000000` } });
  };
  await page.route('**/courses/**', ask);
  return () => page.unroute('**/courses/**', ask);
}

for (const width of [900, 360]) {
  test(`a page from before a release: what was typed stays, and a button renews it (${String(width)} px)`, async ({
    openBrowser,
    lms,
    toolUrl,
  }) => {
    const page = await (await openBrowser({ viewport: { width, height: 800 } })).newPage();
    const frame = await toolFrame(page, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
    await frame.goto(`${frame.url().replace(/(courses\/[^/?]+).*/, '$1')}/meetings/new`);
    const title = frame.getByRole('textbox', { name: /^Title/ });
    const save = await alive(frame.getByRole('button', { name: words('form.create') }));
    await title.fill('Before the release');
    const nothingElse = await renewTheTool(page);
    await save.click();

    const notice = frame
      .getByRole('alert')
      .filter({ has: frame.getByRole('button', { name: words('release.reload') }) });
    await expect(notice).toContainText('A new version is there.');
    await expect(notice).toContainText('What you entered stays here until you reload.');
    // In the platform's frame, which is as long as the page, it is also said where somebody looks.
    await expect(frame.getByText(words('release.lost'))).toBeVisible();
    // Nobody is told to try again in a moment: it would never help.
    await expect(frame.getByText(words('form.unreachable'))).toHaveCount(0);
    await expect(title).toHaveValue('Before the release');
    await expectAccessible(page, 'a page from before a release');
    await expectNoSidewaysScroll(
      page.locator('iframe').first().contentFrame(),
      'a page from before a release',
    );

    await nothingElse();
    await notice.getByRole('button', { name: words('release.reload') }).press('Enter');
    await expect(title).not.toHaveValue('Before the release');
    await expect(notice).toHaveCount(0);
    // The new page works.
    await title.fill(`After the release ${String(width)}`);
    await (await alive(save)).click();
    await expect(title).toHaveCount(0);
  });
}

test('a link on a page from before a release leads to the new one', async ({ page, lms, toolUrl }) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
  const link = await alive(frame.getByRole('link', { name: words('course.nav.settings') }));
  const build = /"b":"([0-9a-f]{24})"/;
  // What Next sends for a page says of which release it is.
  await page.route('**/courses/**', async (route) => {
    const asked = route.request().headers();
    if (asked.rsc === undefined || asked['next-router-prefetch'] !== undefined) return route.fallback();
    const answer = await route.fetch();
    const { 'content-encoding': _, ...headers } = answer.headers();
    const body = (await answer.text()).replace(build, `"b":"${'0'.repeat(24)}"`);
    return route.fulfill({ status: answer.status(), headers, body });
  });
  await frame.evaluate(() => {
    document.body.dataset.release = 'old';
  });
  await link.click();
  await expect(frame.getByRole('heading', { level: 1, name: words('settings.title') })).toBeVisible();
  expect(await frame.evaluate(() => document.body.dataset.release)).toBeUndefined();
});
