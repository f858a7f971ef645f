import type { Page } from '@playwright/test';
import { openDatabase } from '#lib/db/client.ts';
import { en } from '#lib/i18n/en.ts';
import { invitePlatform } from '#lib/platforms/invite-platform.ts';
import { registrationOf } from '../support/demo-browser.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { ownStage } from '../support/e2e-stages.ts';

/** A one-time link of the tool's, as `npm run cli -- platforms invite` makes it. */
async function inviteDemo(publicUrl: string): Promise<string> {
  const { DATABASE_URL = '' } = ownStage().toolEnv;
  const database = openDatabase(DATABASE_URL, { poolMax: 1, onIdleError: () => undefined });
  try {
    const terms = { note: undefined, days: 1, publicUrl };
    return (await invitePlatform({ db: database.db, now: new Date() }, terms)).link;
  } finally {
    await database.close();
  }
}

async function register(page: Page, address: string): Promise<void> {
  await page.getByLabel('Registration address of the tool').fill(address);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** What the platform's own pages must keep: readable to everybody, and no wider than a phone. */
async function expectGoodPage(page: Page, what: string): Promise<void> {
  await expectAccessible(page, what);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(360);
}

test('a newcomer is led from the start page into the course', async ({ page, lms }) => {
  await page.goto(lms.url);
  await page.getByRole('button', { name: 'Open the course', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${lms.url}/courses/101`));
});

test('two browsers are two people at the same time', async ({ page, lms, openPhone }) => {
  await lms.signIn(page, 'Katharina Lindner', '/courses/101');
  const phone = await openPhone('small');
  await lms.signIn(phone, "Zoë O'Brien", '/courses/101');
  await page.reload();
  await expect(page.getByText('Katharina Lindner').first()).toBeVisible();
  await expect(phone.getByText("Zoë O'Brien").first()).toBeAttached();
  expect(await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth])).toEqual([360, 360]);
});

test('an administrator connects the tool, which then opens from the course menu', async ({
  page,
  request,
  lms,
  toolUrl,
}) => {
  await lms.signIn(page, 'Renate Vogelsang', '/accounts/1/apps');
  await page.goto(`${lms.url}/accounts/1/apps?lang=en`);
  await register(page, await inviteDemo(toolUrl));
  const frame = page.frameLocator('#registration');
  await frame.getByRole('button', { name: en['connect.go'] }).click();
  await expect(frame.getByRole('heading', { name: en['connect.done.title'] })).toBeVisible();
  await frame.getByRole('button', { name: en['connect.done.close'] }).click();

  await expect(page.getByText('not installed')).toBeVisible();
  const clientId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  try {
    await page.getByRole('button', { name: 'Install' }).click();
    await expect(page.getByRole('button', { name: 'Remove' })).toBeVisible();
    const number = /(\d+):[0-9a-f]{40}/.exec(await page.locator('dl').innerText())?.[1] ?? '';
    await lms.signIn(page, 'Katharina Lindner', '/courses/101');
    await page.locator(`nav a[href="/courses/101/external_tools/${number}"]`).click();
    await expect(page.frameLocator('#tool_content').getByRole('heading', { level: 1 })).toBeVisible();
  } finally {
    await request.delete(`${lms.url}/demo/control/apps/${clientId}`, { data: {} });
  }
});

test('only the frame itself can end a registration', async ({ page, request, lms }) => {
  const tool = 'https://tool.example';
  const close = `({ subject: 'org.imsglobal.lti.close' })`;
  await page.route(`${tool}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<button onclick="parent.postMessage(${close}, '*')">Done</button>
        <iframe srcdoc="<script>top.postMessage(${close}, '*'); parent.postMessage('sent', '*')</script>"></iframe>
        <script>addEventListener('message', () => document.body.append('message sent'))</script>`,
    }),
  );
  await lms.signIn(page, 'Renate Vogelsang', '/accounts/1/apps');
  await page.goto(`${lms.url}/accounts/1/apps?lang=en`);
  await register(page, `${tool}/lti/register?school=1`);
  const frame = page.frameLocator('#registration');
  await expect(frame.getByText('message sent')).toBeVisible();
  await page.evaluate(
    (message) =>
      new Promise((done) => {
        window.addEventListener('message', done);
        window.postMessage(message, '*');
      }),
    { subject: 'org.imsglobal.lti.close' },
  );
  await expect(page).toHaveURL(`${lms.url}/accounts/1/apps/register`);

  const address = new URL((await page.locator('#registration').getAttribute('src')) ?? '');
  expect(address.searchParams.get('school')).toBe('1');
  const answer = await request.post(`${lms.url}/api/lti/registrations`, {
    headers: { authorization: `Bearer ${address.searchParams.get('registration_token') ?? ''}` },
    data: registrationOf(tool),
  });
  const { client_id: clientId } = (await answer.json()) as { client_id: string };
  try {
    await frame.getByRole('button', { name: 'Done' }).click();
    await expect(page).toHaveURL(`${lms.url}/accounts/1/apps/${clientId}`);
    await expect(page.getByRole('heading', { name: 'Roll Call' })).toBeVisible();
  } finally {
    await request.delete(`${lms.url}/demo/control/apps/${clientId}`, { data: {} });
  }
});

test('a teacher puts a link of the tool into the module, a student opens it', async ({
  page,
  openPhone,
  lms,
}) => {
  await lms.signIn(page, 'Emily Hartwell', '/courses/102/modules');
  await page.getByRole('link', { name: 'Attendance', exact: true }).last().click();
  await page.frameLocator('#tool_content').getByRole('button', { name: en['link.go'] }).click();
  await expect(page).toHaveURL(`${lms.url}/courses/102/modules`);
  const item = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Remove / }) });
  const href = (await item.getByRole('link').getAttribute('href')) ?? '';

  const phone = await openPhone('small');
  await lms.signIn(phone, 'Grace Okafor', '/courses/102/modules');
  await expectGoodPage(phone, 'the modules');
  await phone.locator(`a[href="${href}"]`).click();
  await expect(phone.frameLocator('#tool_content').getByRole('heading', { level: 1 })).toBeVisible();
  await item.getByRole('button', { name: /^Remove / }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
});

test('the pages of the account fit a phone and everybody', async ({ openPhone, lms }) => {
  const phone = await openPhone('small');
  await lms.signIn(phone, 'Renate Vogelsang', '/accounts/1/apps');
  await expectGoodPage(phone, 'the apps');
  await phone.locator('#registration_url').fill('http://tool.example/');
  await phone.locator('.register-app button').click();
  await expect(phone.getByRole('alert')).toBeVisible();
  await expectGoodPage(phone, 'a refused address');
});
