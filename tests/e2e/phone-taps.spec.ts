import type { Page } from '@playwright/test';
import {
  confirmButton,
  expect,
  expectHeading,
  rememberPhone,
  scanAndSignIn,
  signIn,
  signInLink,
  test,
} from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import { words } from './words.ts';

// What fingers do: back, reload, twice, and in two tabs.

/** A phone that is somebody's since an earlier meeting; the stories tell what it does at this one. */
async function remembered(hall: LectureHall, phone: Page, name: string) {
  const earlier = await hall.openWall({
    meetingId: await hall.addMeeting({ from: -15, to: 60, title: 'Earlier' }),
  });
  await rememberPhone(phone, earlier.url(), name);
  const seen = (await hall.evidence()).length;
  return async () => (await hall.evidence()).slice(seen).map(({ outcome, flags }) => ({ outcome, flags }));
}

const done = { outcome: 'checked-in', flags: [] };

test('a double tap, then reload, back and another tap: one check-in, and each page says so', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  const news = await remembered(hall, phone, 'Ruby Sinclair');
  const url = wall.url();
  await phone.goto(url);
  await confirmButton(phone).dblclick();
  await expectHeading(phone, 'phone.result.checked-in.title', 'phone.result.already.title.in');
  await phone.reload();
  await expectHeading(phone, 'phone.result.already.title.in');
  await phone.goBack();
  // The page of the scan, out of the browser's memory or asked for again.
  await expect(confirmButton(phone)).toBeVisible();
  await confirmButton(phone).click();
  await expectHeading(phone, 'phone.result.already.title.in');
  await phone.goto(new URL('/c/confirm', url).href);
  await expectHeading(phone, 'phone.code.title');
  expect(await news()).toEqual([done]);
  expect(await hall.records()).toHaveLength(2);
});

test('two taps that arrive at once', async ({ hall, openPhoneOf, toolUrl }) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  const news = await remembered(hall, phone, 'Ruby Sinclair');
  await phone.goto(wall.url());
  const form = await phone
    .locator('form[action="/c/confirm"]')
    .evaluate(
      (element) =>
        Object.fromEntries([...new FormData(element as HTMLFormElement)]) as Record<string, string>,
    );
  const taps = await Promise.all(
    Array.from({ length: 4 }, () =>
      phone.request.post(`${toolUrl}/c/confirm`, { form, headers: { origin: toolUrl } }),
    ),
  );
  expect(taps.map((tap) => tap.status())).toEqual([200, 200, 200, 200]);
  const titles = await Promise.all(
    taps.map(async (tap) => /<title>([^<]*)/.exec(await tap.text())?.[1] ?? ''),
  );
  const isFirst = (title: string) => words('phone.result.checked-in.title').test(title);
  expect(titles.filter(isFirst)).toHaveLength(1);
  for (const title of titles) {
    expect(title).toMatch(words('phone.result.checked-in.title', 'phone.result.already.title.in'));
  }
  expect(await news()).toEqual([done]);
});

test('two tabs with two codes: each is confirmed as what it is, by the browser that scanned it', async ({
  hall,
  openPhoneOf,
}) => {
  const [wall, other] = [
    await hall.openWall(),
    await hall.openWall({ meetingId: await hall.addMeeting({ from: -5, to: 60 }) }),
  ];
  const phone = await openPhoneOf();
  const news = await remembered(hall, phone, 'Ruby Sinclair');
  const second = await phone.context().newPage();
  await phone.goto(wall.url());
  await second.goto(other.url());
  for (const tab of [phone, second]) {
    await confirmButton(tab).click();
    await expectHeading(tab, 'phone.result.checked-in.title');
  }
  expect(await news()).toEqual([done, done]);
});

test('two tabs with one code, signed in in both: the second says that it is done', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  const second = await phone.context().newPage();
  const url = wall.url();
  await phone.goto(url);
  await second.goto(url);
  await signInLink(phone).click();
  await signIn(phone, 'Clara Neumann');
  await expectHeading(phone, 'phone.result.checked-in.title');
  await signInLink(second).click();
  await expect(second).toHaveURL(/\/c\/result\//);
  await expectHeading(second, 'phone.result.checked-in.title', 'phone.result.already.title.in');
  expect(await hall.evidence()).toMatchObject([{ outcome: 'checked-in', flags: [] }]);
});

test('a newer code in the same hand: nothing is entered twice', async ({ hall, openPhoneOf }) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  await scanAndSignIn(phone, wall.url(), 'Yusuf Kaya');
  await expectHeading(phone, 'phone.result.checked-in.title');
  const [before] = await hall.records();
  const again = await hall.openWall({ meetingId: await hall.addMeeting({ from: -20, to: 70 }) });
  await wall.close();
  await phone.goto(again.url());
  await signInLink(phone).click();
  await expectHeading(phone, 'phone.result.checked-in.title');
  expect(await hall.records()).toHaveLength(2);
  expect(await hall.records()).toContainEqual(before);
});
