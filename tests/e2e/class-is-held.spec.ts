import type { Page } from '@playwright/test';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { known } from '../../demo/people.ts';
import { expect, test } from './fixtures.ts';
import { startCheckIn } from './start-check-in.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

async function codeOnTheWall(wall: Page): Promise<string> {
  return (await wall.getByTestId('qr').getAttribute('data-code-url')) ?? '';
}

/** A phone scans the code, and its owner signs in to the platform for the first time. */
async function scanAndSignIn(phone: Page, code: string, name: string): Promise<void> {
  await phone.goto(code);
  await expect(phone.getByRole('heading', { name: words('phone.sign-in.title') })).toBeVisible();
  await phone.getByRole('link', { name: words('phone.sign-in.go.in') }).click();
  await phone.locator('input[name="q"]').fill(name);
  await phone.locator('input[name="q"]').press('Enter');
  await phone.locator(`button.person[data-name=${JSON.stringify(name)}]`).click();
}

const listName: Record<string, string> = {
  'Lea Sommer': 'Sommer, Lea',
  'Jürgen Öztürk': 'Öztürk, Jürgen',
  "Zoë O'Brien": "O'Brien, Zoë",
};

test('a class is held: three phones scan, and the register fills by itself', async ({
  page,
  lms,
  openPhone,
  openBrowser,
}) => {
  const { frame, wall } = await startCheckIn(page, lms);
  const register = await (await openBrowser()).newPage();
  const second = await lms.openInCourse(register, 'Tobias Ahrens');
  await second
    .getByRole('link', { name: words('home.register') })
    .first()
    .click();

  for (const [name, shown] of Object.entries(listName)) {
    const phone = await openPhone();
    await scanAndSignIn(phone, await codeOnTheWall(wall), name);
    await expect(phone.getByRole('heading', { name: words('phone.result.checked-in.title') })).toBeVisible();
    // Whoever watches sees it within two seconds, without a reload.
    await expect(wall.getByText(shown).or(wall.getByText(name)).first()).toBeVisible({ timeout: 2_000 });
    const row = second.getByRole('row', { name: new RegExp(shown) });
    await expect(row.getByText(words('status.present', 'status.late')).first()).toBeVisible({
      timeout: 2_000,
    });
  }
  // The teacher's own frame was not signed out by any of it.
  await expect(frame.getByRole('heading').first()).toBeVisible();
});

test('a second tap changes nothing, and a remembered phone needs one tap', async ({
  page,
  lms,
  openPhone,
}) => {
  const { wall } = await startCheckIn(page, lms);
  const phone = await openPhone('small');
  await scanAndSignIn(phone, await codeOnTheWall(wall), 'Fatima el-Amrani');
  await expect(phone.getByRole('heading', { name: words('phone.result.checked-in.title') })).toBeVisible();
  await phone.getByRole('button', { name: words('phone.remember.go') }).click();
  await expect(phone.getByText(words('phone.remember.done'))).toBeVisible();

  await phone.goto(await codeOnTheWall(wall));
  await expect(phone.getByText('Fatima el-Amrani')).toBeVisible();
  await phone.getByRole('button', { name: words('phone.confirm.go.in') }).click();
  await expect(phone.getByRole('heading', { name: words('phone.result.already.title.in') })).toBeVisible();
  await phone.reload();
  await expect(phone.getByRole('heading', { name: words('phone.result.already.title.in') })).toBeVisible();
});

test('what stands on the wall is what is accepted: the QR code is read off the picture', async ({
  page,
  lms,
  openPhone,
}) => {
  const { wall } = await startCheckIn(page, lms);
  const picture = PNG.sync.read(await wall.screenshot());
  const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  expect(read?.data).toMatch(/^https?:\/\/localhost:\d+\/c\/[0-9a-z]{17}$/);
  const phone = await openPhone();
  await scanAndSignIn(phone, read?.data ?? '', 'Ole Petersen');
  await expect(phone.getByRole('heading', { name: words('phone.result.checked-in.title') })).toBeVisible();
});

test('the code beside it, typed inside the course, does the same', async ({ page, lms, openPhone }) => {
  const { wall } = await startCheckIn(page, lms);
  const phone = await openPhone('small');
  const tool = await lms.openInCourse(phone, 'Miriam Groß');
  const typed = (await wall.getByTestId('typed-code').textContent()) ?? '';
  await tool
    .getByRole('textbox', { name: words('mine.code.label') })
    .fill(typed.toLowerCase().replaceAll('-', ' '));
  await tool.getByRole('button', { name: words('mine.code.go') }).click();
  await expect(tool.getByText(words('phone.result.checked-in.title')).first()).toBeVisible();
});

test('a code that is 30 seconds old is told so', async ({ page, lms, openPhone }) => {
  const { wall } = await startCheckIn(page, lms);
  const code = await codeOnTheWall(wall);
  const shownAt = Date.now();
  await expect
    .poll(() => Date.now() - shownAt, { timeout: 40_000, intervals: [1_000] })
    .toBeGreaterThan(30_000);
  const phone = await openPhone();
  await phone.goto(code);
  // It had stood on the wall for up to ten seconds when it was read.
  await expect(phone.getByRole('heading', { name: /^This code is [34]\d seconds old$/ })).toBeVisible();
});

test('a student of another course is refused, by the platform and by the tool', async ({
  page,
  lms,
  openPhone,
  toolUrl,
}) => {
  const { wall } = await startCheckIn(page, lms);
  const phone = await openPhone();
  const stranger = 'Grace Okafor';
  await scanAndSignIn(phone, await codeOnTheWall(wall), stranger);
  await expect(phone.getByRole('heading', { name: words('phone.result.checked-in.title') })).toBeHidden();

  // Round the platform's own refusal: the same scan through a launch of the stranger's own course.
  await phone.goto(await codeOnTheWall(wall));
  const direct = new URL(
    (await phone.getByRole('link', { name: words('phone.sign-in.go.in') }).getAttribute('href')) ?? '',
  );
  const detour = new URL(direct);
  detour.pathname = direct.pathname.replace(
    `/courses/${String(known.course)}/`,
    `/courses/${String(known.otherCourse)}/`,
  );
  await phone.goto(detour.href);
  await expect(phone.getByRole('heading', { name: words('phone.refused.not-a-member.title') })).toBeVisible();
  expect(new URL(phone.url()).origin).toBe(toolUrl);
});

test('stopped, the code is closed; started again, a new one counts', async ({ page, lms, openPhone }) => {
  const { wall } = await startCheckIn(page, lms);
  const before = await codeOnTheWall(wall);
  await (await alive(wall.getByRole('button', { name: words('wall.end') }))).click();
  await expect(wall.getByRole('heading', { name: words('wall.closed.title') })).toBeVisible();
  const phone = await openPhone();
  await phone.goto(before);
  await expect(phone.getByRole('heading', { name: words('phone.refused.closed.title') })).toBeVisible();
  await (await alive(wall.getByRole('button', { name: words('wall.closed.again') }))).click();
  await expect(wall.getByTestId('qr')).toBeVisible();
  await phone.goto(await codeOnTheWall(wall));
  await expect(phone.getByRole('heading', { name: words('phone.sign-in.title') })).toBeVisible();
});

test('Student View sees what a student sees, and is told that it counts nowhere', async ({ page, lms }) => {
  const tool = await lms.openInCourse(page, 'Katharina Lindner');
  await expect(tool.getByRole('button', { name: words('home.add') })).toBeVisible();
  await page.getByRole('button', { name: /^(Student View|Studierendenansicht)$/ }).click();
  await page.locator('nav a[href*="/external_tools/"]').first().click();
  await expect(tool.getByText(words('mine.test-user'))).toBeVisible();
  await expect(tool.getByRole('button', { name: words('home.add') })).toHaveCount(0);
});
