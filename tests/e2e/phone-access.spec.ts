import type { Page } from '@playwright/test';
import { sql } from 'drizzle-orm';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import {
  confirmButton,
  expect,
  expectHeading,
  rememberPhone,
  signIn,
  signInLink,
  test,
} from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import { words } from './words.ts';

// The phone's pages for everybody: without script, by keyboard, with large text, in the dark, in both languages.

const refusals = [
  'code-too-old',
  'code-unknown',
  'not-open-yet',
  'closed',
  'meeting-over',
  'not-a-member',
  'not-a-student',
  'test-user',
  'ticket-expired',
  'ticket-used',
  'too-many-attempts',
] as const;

for (const { language, locale, name, colorScheme } of [
  { language: 'en', locale: 'en-GB', name: 'Ruby Sinclair', colorScheme: 'dark' },
  { language: 'de', locale: 'de-DE', name: 'Clara Neumann', colorScheme: 'light' },
] as const) {
  test(`every page is accessible in ${language}, ${colorScheme}, and holds text of twice the size`, async ({
    hall,
    openPhoneOf,
    toolUrl,
  }) => {
    test.slow();
    const phone = await openPhoneOf({ locale, colorScheme });
    const [coming, going] = [await hall.openWall(), await hall.openWall({ direction: 'out' })];
    const [later, over] = [
      await hall.addMeeting({ from: 5, to: 95 }),
      await hall.addMeeting({ from: -90, to: -1 }),
    ];
    const early = await hall.openWall({ meetingId: later, opensAt: 5 });
    const late = await hall.openWall({ meetingId: over });

    /** The page that is shown, in both sizes of its text. */
    const look = async (what: string) => {
      await expect(phone.locator('html')).toHaveAttribute('lang', language);
      await expectAccessible(phone, what);
      await expectLargeText(phone, what);
    };
    const visit = async (what: string, url: string) => {
      await phone.goto(url);
      await look(what);
    };

    await visit('the field for the code', `${toolUrl}/c`);
    await visit('the way to the sign-in', coming.url());
    await visit('the way to the sign-in, leaving', going.url());
    await visit('not open yet', early.url());
    await visit('over', late.url());
    await visit('too old', coming.url(-2));
    for (const kind of refusals) {
      await phone.goto(`${toolUrl}/c/refused/${kind}?age=40`);
      await expectLargeText(phone, kind);
    }

    await phone.goto(coming.url());
    await signInLink(phone).click();
    await signIn(phone, name);
    await expectHeading(phone, 'phone.result.checked-in.title');
    await look('checked in, and asked whose phone it is');
    await expectWholeWords(phone);
    await phone.getByRole('button', { name: words('phone.remember.go') }).click();
    await look('remembered');
    await visit('the question before a check-out', going.url());
    await confirmButton(phone).click();
    await look('checked out');
    await phone.goto(coming.url());
    await look('the question before a check-in');
    const unpaired = await hall.openWall({
      meetingId: await hall.addMeeting({ from: -30, to: 30 }),
      direction: 'out',
    });
    await phone.goto(unpaired.url());
    await confirmButton(phone).click();
    await expectHeading(phone, 'phone.result.unpaired.title');
    await look('a check-out without a check-in');
  });
}

/** WCAG 1.4.4: a browser whose owner has doubled the size of text. */
async function expectLargeText(phone: Page, what: string): Promise<void> {
  const browser = await phone.context().newCDPSession(phone);
  const sizeOf = () => phone.locator('main').evaluate((main) => parseFloat(getComputedStyle(main).fontSize));
  const usual = await sizeOf();
  await expectNoSidewaysScroll(phone.mainFrame(), what);
  await browser.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
  await expect.poll(sizeOf, `${what} follows the size of text`).toBeCloseTo(2 * usual, 0);
  await expectNoSidewaysScroll(phone.mainFrame(), `${what} with large text`);
  await browser.send('Page.setFontSizes', { fontSizes: { standard: 16 } });
  await browser.detach();
}

/** On the narrowest phone a status stands in one line; else it would be broken in the middle of its word. */
async function expectWholeWords(phone: Page): Promise<void> {
  await phone.setViewportSize({ width: 320, height: 640 });
  const status = phone.locator('dd').last();
  await expect(status).toHaveText(/^\S+$/);
  const lines = await status.evaluate(
    (dd) => dd.getBoundingClientRect().height / parseFloat(getComputedStyle(dd).lineHeight),
  );
  expect(lines).toBeCloseTo(1, 1);
  await phone.setViewportSize({ width: 360, height: 640 });
}

test('without script: from the scan through the sign-in to a remembered phone, and one tap from then on', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf({ javaScriptEnabled: false });
  await phone.goto(wall.url());
  await signInLink(phone).click();
  await signIn(phone, 'Grace Okafor', { secondFactor: true, script: false });
  await expectHeading(phone, 'phone.result.checked-in.title');
  await phone.getByRole('button', { name: words('phone.remember.go') }).click();
  await expect(phone.getByText(words('phone.remember.done'))).toBeVisible();
  const next = await hall.openWall({ meetingId: await hall.addMeeting({ from: -5, to: 60 }) });
  await phone.goto(next.url());
  await confirmButton(phone).click();
  await expectHeading(phone, 'phone.result.checked-in.title');
});

test('by keyboard alone: a typed code, one Enter a page, and "not you?" within reach', async ({
  hall,
  openPhoneOf,
  toolUrl,
}) => {
  const [earlier, wall] = [
    await hall.openWall({ meetingId: await hall.addMeeting({ from: -5, to: 60 }) }),
    await hall.openWall(),
  ];
  const phone = await openPhoneOf();
  await rememberPhone(phone, earlier.url(), 'Yusuf Kaya');
  await phone.goto(`${toolUrl}/c`);
  // The field has the focus already.
  await phone.keyboard.type(wall.typed().toLowerCase());
  await phone.keyboard.press('Enter');
  await expect(confirmButton(phone)).toBeVisible();
  await phone.keyboard.press('Tab');
  await expect(confirmButton(phone)).toBeFocused();
  await phone.keyboard.press('Tab');
  await expect(phone.getByRole('button', { name: words('phone.confirm.not-you') })).toBeFocused();
  await phone.keyboard.press('Shift+Tab');
  await phone.keyboard.press('Enter');
  await expectHeading(phone, 'phone.result.checked-in.title');
});

/** The tool loses its database while it answers, as it does when PostgreSQL is stopped; then the database is back. */
async function loseDatabase<T>({ db }: LectureHall, ask: () => Promise<T>): Promise<T> {
  return db.transaction(async (holding) => {
    await holding.execute(sql`lock table check_in_windows in access exclusive mode`);
    const asked = ask();
    await expect
      .poll(async () => {
        const ended = await db.execute(
          sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return ended.rows.length;
      })
      .toBeGreaterThan(0);
    return asked;
  });
}

for (const [language, locale] of [
  ['de', 'de-DE'],
  ['en', 'en-GB'],
] as const) {
  test(`while the database is away (${language}): the scan is kept, and the page goes on by itself without script`, async ({
    hall,
    openPhoneOf,
    toolUrl,
    faults,
  }) => {
    const url = (await hall.openWall()).url();
    const phone = await openPhoneOf({ locale, javaScriptEnabled: false });
    const answer = await loseDatabase(hall, () => phone.goto(url));
    await expectHeading(phone, 'phone.waiting.title');
    await expect(phone.getByText(words('phone.waiting.lead'))).toBeVisible();
    const shown = (await answer?.text()) ?? '';
    await expectHeading(phone, 'phone.sign-in.title');
    expect(phone.url()).toContain(`${toolUrl}/c/finish?ticket=`);

    // The same page once more, as one that stays until it has been looked at; axe itself needs script.
    const still = await openPhoneOf({ locale });
    await still.route(url, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: shown.replace(/<meta http-equiv="refresh"[^>]*>/, ''),
      }),
    );
    await still.goto(url);
    await expectHeading(still, 'phone.waiting.title');
    await expectAccessible(still, 'waiting for the database');
    await expectLargeText(still, 'waiting for the database');
    // The browser's own lines about what was provoked.
    expect(faults.splice(0).filter((fault) => !fault.includes('status of 503'))).toEqual([]);
  });
}
