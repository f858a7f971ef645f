import type { Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import {
  confirmButton,
  expect,
  expectHeading,
  rememberPhone,
  scanAndSignIn,
  signInLink,
  test,
} from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import type { Lms } from './fixtures.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

// Whose phone it is, for how long, and who may end that.

/** A student of this test's own, so that no other story's phones are among theirs. */
async function enrol(lms: Lms, given: string, family: string): Promise<string> {
  await lms.control('members', { courseId: known.otherCourse, sectionId: 2201, given, family });
  return `${given} ${family}`;
}

/** A phone that is this student's, and has checked them in with one tap since. */
async function usedPhone(hall: LectureHall, phone: Page, name: string) {
  const first = await hall.openWall();
  await rememberPhone(phone, first.url(), name);
  const second = await hall.openWall({ meetingId: await hall.addMeeting({ from: -15, to: 60 }) });
  await phone.goto(second.url());
  await confirmButton(phone).click();
  await expectHeading(phone, 'phone.result.checked-in.title');
  return second;
}

test('a student sees their phone among their own things, and ends it: the next scan asks for the sign-in', async ({
  hall,
  openPhoneOf,
  page,
  lms,
}) => {
  const phone = await openPhoneOf();
  const name = await enrol(lms, 'Noah', 'Whitfield');
  const wall = await usedPhone(hall, phone, name);
  for (const width of [1180, 660]) {
    await page.setViewportSize({ width, height: 900 });
    const frame = await lms.openInCourse(page, name, known.otherCourse);
    const phones = frame.getByRole('region', { name: words('mine.phones.title') });
    await expect(phones.getByText(/^Android, Chrome/)).toBeVisible();
    // Remembered, and used since.
    await expect(phones.getByText(/ · (last used|zuletzt benutzt) /)).toBeVisible();
    await expectAccessible(page, 'my attendance');
    await expectNoSidewaysScroll(frame, 'my attendance');
  }
  const phones = page.frameLocator('#tool_content').getByRole('region', { name: words('mine.phones.title') });
  const button = await alive(phones.getByRole('button', { name: /Android, Chrome/ }));
  await button.press('Enter');
  await expect(phones.getByRole('status')).toHaveText(words('mine.phones.forgotten'));
  // The button is gone; the keyboard stands where it was told what happened.
  await expect(phones.getByRole('status')).toBeFocused();
  await expect(phones.getByRole('listitem')).toHaveCount(0);
  await expect(phones.getByText(words('mine.phones.none'))).toBeVisible();
  await phone.goto(wall.url());
  await expect(signInLink(phone)).toBeVisible();
});

test('a teacher ends a phone on the member’s page, and the history says who did it', async ({
  hall,
  openPhoneOf,
  page,
  lms,
}) => {
  const phone = await openPhoneOf();
  const wall = await usedPhone(hall, phone, await enrol(lms, 'Amelia', 'Brooks'));
  await page.setViewportSize({ width: 1180, height: 900 });
  const frame = await lms.openInCourse(page, 'Emily Hartwell', known.otherCourse);
  await frame.getByRole('link', { name: words('course.nav.members') }).click();
  await frame.getByRole('link', { name: /^Brooks, Amelia/ }).click();
  const phones = frame.getByRole('region', { name: words('members.phones.title') });
  const button = await alive(phones.getByRole('button', { name: /Android, Chrome/ }));
  await expectAccessible(page, 'a member with a phone');
  await button.click();
  await expect(phones.getByRole('status')).toHaveText(words('member-phones.forgotten'));
  await expect(phones.getByText(words('members.phones.none'))).toBeVisible();
  await expect(frame.getByText(words('history.membership.phone-revoked')).first()).toBeVisible();
  await phone.goto(wall.url());
  await expect(signInLink(phone)).toBeVisible();
});

for (const locale of ['de-DE', 'en-GB']) {
  test(`a computer is nobody’s phone: it is not asked (${locale})`, async ({ hall, openBrowser, lms }) => {
    const wall = await hall.openWall();
    const computer = await (await openBrowser({ locale })).newPage();
    await scanAndSignIn(computer, wall.url(), await enrol(lms, 'Ada', `Lab ${locale}`));
    await expectHeading(computer, 'phone.result.checked-in.title');
    await expect(computer.getByText(words('phone.remember.elsewhere'))).toBeVisible();
    await expect(computer.getByRole('button', { name: words('phone.remember.go') })).toHaveCount(0);
    await expectAccessible(computer, 'the result on a computer');
    // The next one at this computer is asked who they are.
    await computer.goto(wall.url());
    await expect(signInLink(computer)).toBeVisible();
  });
}
