import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Frame, Page } from '@playwright/test';
import { and, eq, inArray } from 'drizzle-orm';
import { memberships, people } from '#lib/db/schema.ts';
import config from '../../playwright.config.ts';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { pictureOfCard, pictureOfScreenshot, writeFilm } from './camera-film.ts';
import type { Lms } from './fixtures.ts';
import { expect, phoneOptions, test } from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import { alive, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

const teacher = 'Emily Hartwell';
const [first, second] = ['Ruby Sinclair', 'Grace Okafor'];
/** As lists show them. */
const [firstListed, secondListed] = ['Sinclair, Ruby', 'Okafor, Grace'];

/** The teacher's phone, in the platform's page: the meeting that is on, and from there the page for checking in by hand. */
async function openHelper(
  page: Page,
  { lms, toolUrl, hall }: { lms: Lms; toolUrl: string; hall: LectureHall },
): Promise<Frame> {
  const frame = await toolFrame(page, lms, toolUrl, teacher, known.otherCourse);
  await frame.goto(`${toolUrl}/courses/${hall.courseId}/meetings/${hall.meetingId}`);
  await frame.getByRole('link', { name: words('help.open') }).click();
  await expect(frame.getByRole('heading', { level: 1, name: words('help.title') })).toBeVisible();
  return frame;
}

// The platform's list is read in the background after the teacher's first launch.
test.beforeEach(async ({ hall: { db, courseId } }) => {
  const listed = () =>
    db
      .select({ name: people.name })
      .from(people)
      .innerJoin(memberships, eq(memberships.personId, people.id))
      .where(and(eq(memberships.courseId, courseId), inArray(people.name, [first, second])));
  await expect.poll(async () => (await listed()).length, { timeout: 20_000 }).toBe(2);
});

const row = (frame: Frame, listed: string) => frame.getByRole('button', { name: new RegExp(listed) });
const outcome = (frame: Frame) => frame.getByTestId('outcome');
const find = async (frame: Frame, typed: string) => {
  const field = await alive(frame.getByRole('searchbox', { name: words('help.search') }));
  await field.fill(typed);
};

for (const [language, locale] of [
  ['en', 'en-GB'],
  ['de', 'de-DE'],
] as const) {
  test(`a name is typed and touched, and the student is checked in and out (${language})`, async ({
    hall,
    lms,
    toolUrl,
    openPhoneOf,
  }) => {
    const page = await openPhoneOf({ locale });
    await page.context().addCookies([{ name: 'demo_lang', value: language, url: lms.url }]);
    const frame = await openHelper(page, { lms, toolUrl, hall });
    await find(frame, 'sincl');
    await expect(row(frame, secondListed)).toBeHidden();
    await row(frame, firstListed).click();
    await expect(outcome(frame)).toHaveAttribute('data-kind', 'checked-in');
    await expect(row(frame, firstListed)).toHaveAccessibleName(/here since|da seit/);
    await expectAccessible(page, `helper ${language}`);
    await expectNoSidewaysScroll(frame, `helper ${language}`);
    expect(await hall.evidence()).toMatchObject([{ name: first, outcome: 'checked-in', flags: [] }]);

    // Whoever is here already is said to be so, and nothing is entered.
    await row(frame, firstListed).click();
    await expect(outcome(frame)).toHaveAttribute('data-kind', 'known');
    expect(await hall.evidence()).toHaveLength(1);

    await frame.getByText(words('help.direction.out'), { exact: true }).click();
    await row(frame, firstListed).click();
    await expect(outcome(frame)).toHaveAttribute('data-kind', 'checked-out');
    await frame.getByRole('button', { name: words('help.undo') }).click();
    await expect(outcome(frame)).toHaveAttribute('data-kind', 'undone');
    await expect(row(frame, firstListed)).toHaveAccessibleName(/here since|da seit/);
    expect(await hall.records()).toMatchObject([{ name: first, spans: [{ to: null }] }]);
  });
}

test('by keyboard alone, and undone within ten seconds', async ({ hall, lms, toolUrl, page }) => {
  const frame = await openHelper(page, { lms, toolUrl, hall });
  await find(frame, 'grace');
  await expect(row(frame, firstListed)).toBeHidden();
  await page.keyboard.press('Tab');
  await expect(row(frame, secondListed)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'checked-in');
  await page.keyboard.press('Shift+Tab');
  await expect(frame.getByRole('button', { name: words('help.undo') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'undone');
  expect(await hall.records()).toEqual([]);
});

test('Enter takes the only one who fits, or a card’s number as a hand-held scanner types it', async ({
  hall,
  lms,
  toolUrl,
  page,
}) => {
  const number = await sisIdOf(hall, second);
  const frame = await openHelper(page, { lms, toolUrl, hall });
  const field = await alive(frame.getByRole('searchbox', { name: words('help.search') }));
  await field.focus();
  const type = async (text: string) => {
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  await type(number);
  await expect(outcome(frame)).toContainText(second);
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'checked-in');
  // What is typed next takes the place of what stands there.
  await type('ruby');
  await expect(outcome(frame)).toContainText(first);
  await type('4711-0815');
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'unknown-card');
  // Of several who fit nobody is taken.
  await type('e');
  await type(number);
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'already');
  expect((await hall.records()).map(({ name }) => name).sort()).toEqual([second, first].sort());
});

test('two helpers see what the other has entered', async ({ lms, toolUrl, page, openPhoneOf, hall }) => {
  const one = await openHelper(page, { lms, toolUrl, hall });
  const other = await openHelper(await openPhoneOf(), { lms, toolUrl, hall });
  await alive(row(other, firstListed));
  await (await alive(row(one, firstListed))).click();
  await expect(row(other, firstListed)).toHaveAccessibleName(/here since/);
  expect(await hall.evidence()).toHaveLength(1);
});

test('without a camera there are words, and the name does the same', async ({
  lms,
  toolUrl,
  openPhoneOf,
  hall,
}) => {
  const page = await openPhoneOf();
  const frame = await openHelper(page, { lms, toolUrl, hall });
  await (await alive(frame.getByRole('button', { name: words('help.scan') }))).click();
  // None at all, or none that the browser gives to a frame: either way in words.
  await expect(frame.getByRole('alert').filter({ hasText: 'camera' })).toBeVisible();
  await expectAccessible(page, 'helper without camera');
  await find(frame, 'ruby');
  await row(frame, firstListed).click();
  await expect(outcome(frame)).toHaveAttribute('data-kind', 'checked-in');
  expect(await hall.evidence()).toHaveLength(1);
});

test('the camera reads a student’s own code and another one’s card', async ({
  playwright,
  page,
  lms,
  toolUrl,
  hall,
  faults,
}, testInfo) => {
  const frame = await toolFrame(page, lms, toolUrl, first, known.otherCourse);
  await (await alive(frame.getByRole('button', { name: words('my-code.show') }))).click();
  const code = frame.getByTestId('my-code');
  await expect(code).toHaveAttribute('data-code-url', new RegExp(`^${toolUrl}/h/[\\w-]{43}$`));
  await expectAccessible(page, 'my code');
  const ownCode = pictureOfScreenshot(await code.screenshot());
  const number = await sisIdOf(hall, second);
  mkdirSync(testInfo.outputDir, { recursive: true });
  const film = join(testInfo.outputDir, 'camera.y4m');
  writeFilm(film, [ownCode, await pictureOfCard(number)]);

  const browser = await playwright.chromium.launch({
    ...config.use?.launchOptions,
    args: [
      ...(config.use?.launchOptions?.args ?? []),
      ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
  try {
    const phone = await openPhone(browser, faults);
    const helper = await openHelper(phone, { lms, toolUrl, hall });
    await (await alive(helper.getByRole('button', { name: words('help.scan') }))).click();
    await expect(row(helper, firstListed)).toHaveAccessibleName(/here since/, { timeout: 20_000 });
    await expect(row(helper, secondListed)).toHaveAccessibleName(/here since/, { timeout: 20_000 });
    const seen = await hall.evidence();
    expect(new Set(seen.map(({ name }) => name))).toEqual(new Set([first, second]));
    expect(await hall.records()).toHaveLength(2);
    await expectAccessible(phone, 'helper with the camera');
    await helper.getByRole('button', { name: words('help.scan.stop') }).click();
    await expect(helper.getByRole('button', { name: words('help.scan') })).toBeVisible();
  } finally {
    await browser.close();
  }
});

async function openPhone(browser: Browser, faults: string[]): Promise<Page> {
  const options: BrowserContextOptions = { ...phoneOptions, locale: 'en-GB', timezoneId: 'Europe/Berlin' };
  const page = await (await browser.newContext(options)).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return page;
}

/** The number on a student's card. The platform tells it with the list of the course; else the test does. */
async function sisIdOf({ db, courseId }: LectureHall, name: string): Promise<string> {
  const [person] = await db
    .select({ id: people.id, sisId: people.sisId })
    .from(people)
    .innerJoin(memberships, eq(memberships.personId, people.id))
    .where(and(eq(people.name, name), eq(memberships.courseId, courseId)));
  if (person === undefined) throw new Error(`${name} is not in the course`);
  if (person.sisId !== null) return person.sisId;
  await db.update(people).set({ sisId: 'P-004711' }).where(eq(people.id, person.id));
  return 'P-004711';
}
