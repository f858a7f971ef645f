import type { FrameLocator, Locator, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import type { Lms } from './fixtures.ts';
import { expect, expectHeading, scanAndSignIn, signIn, signInLink, test } from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

// What a teacher sees of check-ins that stand out, and what comes of a decision.

/** One step ahead of the wall: another code, and no less taken. */
const nextCode = 1 / 6;

/** A meeting of each test's own: others use the same course at the same time. */
const evening = { from: -15, to: 75, title: 'Evening round' };
const registerLink = (frame: FrameLocator, meetingId: string) =>
  frame.locator(`a[href$="/meetings/${meetingId}"]`);
const openCourse = (page: Page, lms: Lms) => lms.openInCourse(page, 'Emily Hartwell', known.otherCourse);
const card = (frame: FrameLocator, reason: string) => frame.locator(`article[data-reason="${reason}"]`);
const lineOf = (where: Locator, name: string) => where.getByRole('listitem').filter({ hasText: name });
const press = async (button: Locator) => (await alive(button)).click();

/** Someone opens a link that somebody else has sent, and signs in as themselves. */
async function follow(phone: Page, link: string, name: string): Promise<void> {
  await phone.goto(link);
  await signIn(phone, name);
}

/**
 * Grace checks herself in, scans twice more for friends who are not here, and sends them the links. Liam and Yusuf have
 * the same one.
 */
async function passLinksOn(
  wall: Awaited<ReturnType<LectureHall['openWall']>>,
  openPhoneOf: () => Promise<Page>,
): Promise<void> {
  const grace = await openPhoneOf();
  await scanAndSignIn(grace, wall.url(), 'Grace Okafor');
  await expectHeading(grace, 'phone.result.checked-in.title');
  const linkOfScan = async (url: string) => {
    await grace.goto(url);
    return (await signInLink(grace).getAttribute('href')) ?? '';
  };
  // Both read at once: ten seconds later the next code is the one on the wall, and the same scan.
  const [ahead, shown] = [wall.url(nextCode), wall.url()];
  const [one, other] = [await linkOfScan(ahead), await linkOfScan(shown)];

  const [liam, yusuf, ruby] = [await openPhoneOf(), await openPhoneOf(), await openPhoneOf()];
  await follow(liam, one, 'Liam Fitzgerald');
  await expectHeading(liam, 'phone.result.checked-in.title');
  await follow(yusuf, one, 'Yusuf Kaya');
  await expectHeading(yusuf, 'phone.refused.ticket-used.title');
  await follow(ruby, other, 'Ruby Sinclair');
  await expectHeading(ruby, 'phone.result.checked-in.title');
}

test('an accomplice scans once and forwards links to three friends: the review list shows it, one click sets aside', async ({
  page,
  lms,
  hall,
  openPhoneOf,
}) => {
  const meetingId = await hall.addMeeting(evening);
  await passLinksOn(await hall.openWall({ meetingId }), openPhoneOf);
  const frame = await openCourse(page, lms);
  // The meeting says how many there are, and leads to them.
  const flags = frame.locator(`a[href$="/meetings/${meetingId}/review"]`);
  await expect(flags).toHaveText(/^3 /);
  await flags.click();

  const passedOn = card(frame, 'passed-on');
  await expect(passedOn.getByRole('heading', { name: words('review.passed-on.title-of') })).toContainText(
    'Okafor, Grace',
  );
  for (const name of ['Fitzgerald, Liam', 'Kaya, Yusuf', 'Sinclair, Ruby']) {
    await expect(lineOf(passedOn, name)).toBeVisible();
  }
  // A refused attempt counts for nobody: there is nothing to set aside.
  await expect(lineOf(passedOn, 'Kaya, Yusuf').locator('[data-decision="set-aside"]')).toHaveCount(0);
  await expectAccessible(page, 'the review list');

  await press(lineOf(passedOn, 'Fitzgerald, Liam').locator('[data-decision="set-aside"]'));
  await expect(lineOf(passedOn, 'Fitzgerald, Liam').getByText(words('reviewing.is.set-aside'))).toBeVisible();
  const names = async () => (await hall.records()).map(({ name }) => name).sort();
  expect(await names()).toEqual(['Grace Okafor', 'Ruby Sinclair']);

  await frame
    .getByTestId('undo')
    .getByRole('button', { name: words('reviewing.undo') })
    .click();
  await expect(lineOf(passedOn, 'Fitzgerald, Liam').locator('[data-decision="fine"]')).toBeVisible();
  expect(await names()).toEqual(['Grace Okafor', 'Liam Fitzgerald', 'Ruby Sinclair']);

  // With the keyboard: what is decided moves away, and the way back is at hand.
  await lineOf(passedOn, 'Fitzgerald, Liam').locator('[data-decision="set-aside"]').focus();
  await page.keyboard.press('Enter');
  await expect(lineOf(passedOn, 'Fitzgerald, Liam').getByText(words('reviewing.is.set-aside'))).toBeVisible();
  await press(passedOn.locator('[data-decision="all-fine"]'));
  await expect(frame.getByRole('heading', { name: words('review.none-left.title') })).toBeVisible();
  const decided = frame.getByTestId('decided');
  await decided.locator('summary').first().click();
  await expect(lineOf(decided, 'Fitzgerald, Liam').getByText(words('reviewing.is.set-aside'))).toBeVisible();

  await frame.getByRole('link', { name: words('review.back') }).click();
  await expect(frame.getByTestId('review')).toHaveText(words('register.review'));
});

test('a spot check: names are called out, who is missing is set aside, and the estimate says how sure it is', async ({
  page,
  lms,
  hall,
  openPhoneOf,
  openBrowser,
}) => {
  const meetingId = await hall.addMeeting(evening);
  const wall = await hall.openWall({ meetingId });
  for (const name of ['Grace Okafor', 'Liam Fitzgerald', 'Ruby Sinclair']) {
    const phone = await openPhoneOf();
    await scanAndSignIn(phone, wall.url(), name);
    await expectHeading(phone, 'phone.result.checked-in.title');
  }
  const frame = await openCourse(page, lms);
  await registerLink(frame, meetingId).click();
  await frame.getByTestId('review').click();
  await expect(frame.getByRole('heading', { name: words('review.none.title') })).toBeVisible();
  const size = frame.getByRole('textbox', { name: words('spot.size') });
  await alive(size);
  await size.fill('2');
  await size.blur();
  await press(frame.getByRole('button', { name: words('spot.start') }));
  const boxes = frame.getByRole('checkbox');
  await expect(boxes).toHaveCount(2);
  await expectAccessible(page, 'names to call out');

  // A colleague looks at the same names, and sees what is ticked.
  const second = await openBrowser({ viewport: { width: 360, height: 740 } });
  const colleague = await openCourse(await second.newPage(), lms);
  await registerLink(colleague, meetingId).click();
  await colleague.getByTestId('review').click();
  await expect(colleague.getByRole('checkbox').first()).not.toBeChecked();
  await boxes.first().check();
  await expect(colleague.getByRole('checkbox').first()).toBeChecked({ timeout: 15_000 });
  await expectNoSidewaysScroll(colleague, 'the review list');

  await press(frame.getByRole('button', { name: words('spot.end') }));
  const result = frame.getByTestId('spot-check');
  await expect(result.getByRole('heading', { name: words('review.spot.ended') })).toContainText(
    /1 (of|von) 2/,
  );
  await expect(result.getByText(/33.%.*67.%/).first()).toBeVisible();
  await expectAccessible(page, 'what a spot check found');
  await press(result.locator('[data-decision="set-aside"]'));
  await expect(result.getByText(words('reviewing.is.set-aside'))).toBeVisible();
  expect(await hall.records()).toHaveLength(2);
  await press(result.locator('[data-decision="undo"]'));
  await press(
    result
      .getByRole('button', { name: words('reviewing.of') })
      .filter({ hasText: words('spot.mark-absent') }),
  );
  await expect(result.getByText(words('status.absent'))).toBeVisible();
  expect((await hall.records()).map(({ status }) => status).sort()).toEqual(['absent', 'late', 'late']);
});
