import type { BrowserContextOptions, Page } from '@playwright/test';
import { desc, eq } from 'drizzle-orm';
import { checkIns, courses } from '#lib/db/schema.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { confirmButton, expect, expectHeading, rememberPhone, test as base } from './lecture-hall.ts';
import { words } from './words.ts';

// A course whose room has a place: phones ask, and whoever shares nothing is checked in just the same.

const room = { latitude: 52.52003, longitude: 13.40495 };
const elsewhere = { latitude: 53.55108, longitude: 9.99368, accuracy: 20 };
const mayTell: BrowserContextOptions = { permissions: ['geolocation'] };

interface Fixtures {
  /** Somebody's remembered phone, with the question before it. */
  askedPhone(options?: BrowserContextOptions & { owner?: string }): Promise<Page>;
  /** What was kept of the newest check-in. */
  kept(): Promise<{ outcome: string; distanceMeters: number | null; flags: string[] } | undefined>;
}

const test = base.extend<Fixtures>({
  askedPhone: async ({ hall, openPhoneOf }, use) => {
    const setPolicy = (policy: object) =>
      hall.db.update(courses).set({ policy }).where(eq(courses.id, hall.courseId));
    const [before] = await hall.db.select().from(courses).where(eq(courses.id, hall.courseId));
    const meetingId = await hall.addMeeting({ from: -15, to: 60, title: 'Earlier' });
    const earlier = await hall.openWall({ meetingId });
    const wall = await hall.openWall();
    await use(async ({ owner = 'Ruby Sinclair', ...options } = {}) => {
      const phone = await openPhoneOf(options);
      await rememberPhone(phone, earlier.url(), owner);
      await setPolicy({ ...before?.policy, roomPosition: '52.52003, 13.40495', roomRadiusMeters: 200 });
      await phone.goto(wall.url());
      await expect(confirmButton(phone)).toBeVisible();
      return phone;
    });
    await setPolicy(before?.policy ?? {});
  },
  kept: async ({ hall }, use) => {
    await use(async () => {
      const [newest] = await hall.db
        .select()
        .from(checkIns)
        .where(eq(checkIns.courseId, hall.courseId))
        .orderBy(desc(checkIns.confirmedAt))
        .limit(1);
      return newest;
    });
  },
});

const tickOf = (phone: Page) => phone.getByRole('checkbox', { name: words('phone.where.ask') });
const toldOf = (phone: Page) => phone.getByRole('status');
const isDone = (phone: Page) => expectHeading(phone, 'phone.result.checked-in.title');

test('who sets the tick shares the distance, and nothing else; it costs no request more', async ({
  askedPhone,
  kept,
}) => {
  const phone = await askedPhone({ ...mayTell, geolocation: { ...room, accuracy: 10 } });
  await expect(tickOf(phone)).not.toBeChecked();
  const requests: string[] = [];
  phone.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
  await phone.reload();
  await tickOf(phone).tap();
  await expect(toldOf(phone)).toHaveText(words('phone.where.found'));
  await confirmButton(phone).tap();
  await isDone(phone);
  expect(requests).toHaveLength(2);
  expect(requests[1]).toMatch(/^POST .*\/c\/confirm$/);
  expect(await kept()).toMatchObject({ outcome: 'checked-in', distanceMeters: 0, flags: [] });
});

test('who is far away is checked in, with a mark; a tap before the phone has found itself waits for it', async ({
  askedPhone,
  kept,
}) => {
  const phone = await askedPhone({ ...mayTell, geolocation: elsewhere });
  await tickOf(phone).check();
  await confirmButton(phone).click();
  await isDone(phone);
  expect(await kept()).toMatchObject({ outcome: 'checked-in', flags: ['far-away'] });
});

test('who takes the tick away again shares nothing', async ({ askedPhone, kept }) => {
  const phone = await askedPhone({ ...mayTell, geolocation: elsewhere });
  await tickOf(phone).check();
  await expect(toldOf(phone)).toHaveText(words('phone.where.found'));
  await tickOf(phone).uncheck();
  await expect(toldOf(phone)).toHaveText('');
  await confirmButton(phone).click();
  await isDone(phone);
  expect(await kept()).toMatchObject({ outcome: 'checked-in', distanceMeters: null, flags: [] });
});

test('a phone that says no, one that never answers, and one without script: checked in all the same', async ({
  askedPhone,
  hall,
  kept,
}) => {
  const shared = { outcome: 'checked-in', distanceMeters: null, flags: [] };
  const refusing = await askedPhone({ permissions: [] });
  await tickOf(refusing).check();
  await expect(toldOf(refusing)).toHaveText(words('phone.where.failed'));
  await confirmButton(refusing).click();
  await isDone(refusing);
  expect(await kept()).toMatchObject(shared);

  const another = await hall.openWall({ meetingId: await hall.addMeeting({ from: -5, to: 60 }) });
  await refusing.addInitScript(() => {
    navigator.geolocation.getCurrentPosition = () => undefined;
  });
  await refusing.clock.install();
  await refusing.goto(another.url());
  await tickOf(refusing).check();
  await expect(toldOf(refusing)).toHaveText(words('phone.where.looking'));
  await confirmButton(refusing).click();
  await refusing.clock.fastForward(10_000);
  await isDone(refusing);
  expect(await kept()).toMatchObject(shared);
});

test('without script nothing is asked', async ({ askedPhone, kept }) => {
  const phone = await askedPhone();
  const plain = await phone.context().browser()?.newContext({ javaScriptEnabled: false });
  if (plain === undefined) throw new Error('no browser');
  await plain.addCookies(await phone.context().cookies());
  const page = await plain.newPage();
  await page.goto(phone.url());
  await expect(confirmButton(page)).toBeVisible();
  await expect(tickOf(page)).toBeHidden();
  await confirmButton(page).click();
  await isDone(page);
  expect(await kept()).toMatchObject({ outcome: 'checked-in', distanceMeters: null, flags: [] });
  await plain.close();
});

for (const { locale, owner, colorScheme } of [
  { locale: 'en-GB', owner: 'Ruby Sinclair', colorScheme: 'dark' },
  { locale: 'de-DE', owner: 'Clara Neumann', colorScheme: 'light' },
] as const) {
  test(`why it is asked can be read by keyboard, in large letters (${locale}, ${colorScheme})`, async ({
    askedPhone,
  }) => {
    const phone = await askedPhone({ locale, colorScheme, owner });
    await expect(phone.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
    await phone.keyboard.press('Tab');
    await expect(tickOf(phone)).toBeFocused();
    await phone.keyboard.press('Tab');
    await phone.keyboard.press('Enter');
    await expect(phone.getByText(words('phone.where.because'))).toBeVisible();
    await expectAccessible(phone, 'the question');
    await phone.locator('html').evaluate((html) => {
      html.style.fontSize = '200%';
    });
    await expectNoSidewaysScroll(phone.mainFrame(), 'the question in large letters');
    await phone.keyboard.press('Tab');
    await expect(confirmButton(phone)).toBeFocused();
  });
}
