import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expect, test as base } from './fixtures.ts';
import { words } from './words.ts';

// The short form of `npm run test:browsers`: a Chromium whose owner lets the tool keep nothing inside the
// platform's page (cookies, partitioned ones too, and all storage), as Safari and strict settings do.

interface Fixtures {
  /** A browser whose owner has set something: Chromium reads it from the profile when it starts. */
  openProfile: (settings: Record<string, unknown>) => Promise<BrowserContext>;
  strictBrowser: BrowserContext;
}

const test = base.extend<Fixtures>({
  openProfile: async ({ playwright, locale, timezoneId, faults }, use, info) => {
    const opened: BrowserContext[] = [];
    await use(async (settings) => {
      const profile = info.outputPath('profile');
      await mkdir(join(profile, 'Default'), { recursive: true });
      await writeFile(join(profile, 'Default/Preferences'), JSON.stringify({ profile: settings }));
      const context = await playwright.chromium.launchPersistentContext(profile, {
        ...info.project.use.launchOptions,
        locale,
        timezoneId,
      });
      context.on('weberror', (error) => {
        faults.push(String(error.error()));
      });
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },

  strictBrowser: async ({ openProfile, toolUrl, lms }, use) => {
    const blocked = { [`${toolUrl},${lms.url}`]: { setting: 2 } };
    await use(await openProfile({ content_settings: { exceptions: { cookies: blocked } } }));
  },
});

/** What the page that asks says of this browser: the settings above must really hold. */
async function expectNothingKept(page: Page): Promise<void> {
  const frame = page.frames().find((one) => one.url().includes('/lti/'));
  const kept = await frame?.evaluate(() => {
    document.cookie = 'probe=1; Secure; SameSite=None; Partitioned';
    try {
      window.sessionStorage.setItem('probe', '1');
      return 'session storage';
    } catch {
      return document.cookie;
    }
  });
  expect(kept).toBe('');
}

test('the platform keeps the key: the launch counts, and the course opens in a tab of its own', async ({
  strictBrowser,
  lms,
  toolUrl,
}) => {
  const page = await strictBrowser.newPage();
  const tool = await lms.openInCourse(page, 'Katharina Lindner');
  const button = tool.getByRole('button', { name: words('launch.new-tab.go') });
  await expect(button).toBeVisible();
  await expectNothingKept(page);
  expect(page.frames().map((frame) => frame.url())).toContain(`${toolUrl}/lti/launch`);
  // Nothing is left in the platform's storage.
  expect(await page.evaluate(() => Object.keys(window.localStorage))).toEqual([]);

  for (const _time of ['once', 'and once more, from the page that stayed']) {
    const opened = page.waitForEvent('popup');
    await button.click();
    const tab = await opened;
    await expect(tab.getByRole('heading', { level: 1, name: words('home.title') })).toBeVisible();
    await tab.close();
  }
});

test('the frame that the platform promised for its storage is missing: its page answers', async ({
  strictBrowser,
  lms,
  toolUrl,
}) => {
  const page = await strictBrowser.newPage();
  await page.route('**/post_message_forwarding', (route) => route.abort());
  const tool = await lms.openInCourse(page, 'Katharina Lindner');
  await expect(tool.getByRole('button', { name: words('launch.new-tab.go') })).toBeVisible();
  expect(page.frames().map((frame) => frame.url())).toContain(`${toolUrl}/lti/launch`);
});

test('nothing keeps the key: the login is posted again in a new tab, before anything was used up', async ({
  strictBrowser,
  lms,
  toolUrl,
}) => {
  const page = await strictBrowser.newPage();
  // A platform that has no storage for tools.
  await page.route(`${toolUrl}/lti/login`, (route) => {
    const fields = new URLSearchParams(route.request().postData() ?? '');
    fields.delete('lti_storage_target');
    return route.continue({ postData: fields.toString() });
  });
  const tool = await lms.openInCourse(page, 'Katharina Lindner');
  const button = tool.getByRole('button', { name: words('launch.new-tab.go') });
  await expect(button).toBeVisible();
  await expectNothingKept(page);
  expect(page.frames().map((frame) => frame.url())).toContain(`${toolUrl}/lti/login`);

  const opened = page.waitForEvent('popup');
  await button.click();
  const tab = await opened;
  await expect(tab.getByRole('heading', { level: 1, name: words('home.title') })).toBeVisible();
});

test('a platform that never answers costs a moment, and the frame’s own storage serves', async ({
  openProfile,
  lms,
  toolUrl,
}) => {
  // The owner allows everything; but no page of ours can set a cookie, and what the door set is gone.
  const context = await openProfile({ cookie_controls_mode: 0 });
  const page = await context.newPage();
  await page.addInitScript(() => {
    Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined });
  });
  await page.route('**/authorize_redirect?*', async (route) => {
    await context.clearCookies({ name: /^(__Host-)?sk_state_/ });
    await route.continue();
  });
  await page.route('**/platform-storage.js', (route) => route.fulfill({ body: '' }));
  const tool = await lms.openInCourse(page, 'Katharina Lindner', known.course);
  await expect(tool.getByRole('button', { name: words('launch.new-tab.go') })).toBeVisible();
  // Where nothing were kept, the same words would stand at /lti/login.
  expect(page.frames().map((frame) => frame.url())).toContain(`${toolUrl}/lti/launch`);
});
