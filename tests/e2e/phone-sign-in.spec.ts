import { eq } from 'drizzle-orm';
import { courses } from '#lib/db/schema.ts';
import { formatTime } from '#lib/i18n/format.ts';
import {
  ageScan,
  expect,
  expectHeading,
  phoneOptions,
  scanAndSignIn,
  signIn,
  signInLink,
  targetOf,
  test,
} from './lecture-hall.ts';
import { words } from './words.ts';

// What lies between a scan and its person: the platform's sign-in, as phones really go through it.

test('a second factor that takes nine minutes: the time of the scan counts, and the page says it', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  await phone.goto(wall.url());
  const scannedAt = await ageScan(phone, hall, 9);
  await signInLink(phone).click();
  await signIn(phone, 'Grace Okafor', { secondFactor: true });
  await expectHeading(phone, 'phone.result.checked-in.title');
  const shown = formatTime(scannedAt, 'Europe/Berlin', 'en');
  await expect(phone.getByRole('definition').filter({ hasText: shown })).toBeVisible();
  expect(await hall.evidence()).toEqual([
    { name: 'Grace Okafor', outcome: 'checked-in', flags: [], scannedAt },
  ]);
});

test('one that takes eleven minutes is told that the scan is too old, and that it takes another', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  await phone.goto(wall.url());
  await ageScan(phone, hall, 11);
  await signInLink(phone).click();
  await signIn(phone, 'Grace Okafor', { secondFactor: true });
  await expectHeading(phone, 'phone.refused.ticket-expired.title');
  expect(await hall.evidence()).toEqual([]);
  // Who is in the room scans once more, is signed in by now, and is done.
  await phone.goto(wall.url());
  await signInLink(phone).click();
  await expectHeading(phone, 'phone.result.checked-in.title');
});

test('the app’s own browser comes back without the cookies of the one that scanned: taken, and flagged', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const camera = await openPhoneOf();
  await camera.goto(wall.url());
  const inApp = await openPhoneOf({ userAgent: `${phoneOptions.userAgent} CanvasStudent/8.1` });
  await inApp.goto((await signInLink(camera).getAttribute('href')) ?? '');
  await signIn(inApp, 'Liam Fitzgerald');
  await expectHeading(inApp, 'phone.result.checked-in.title');
  expect(await hall.evidence()).toMatchObject([
    { name: 'Liam Fitzgerald', outcome: 'checked-in', flags: ['other-browser'] },
  ]);
});

test('cookies that are cleared between scan and sign-in: the ticket travels in the signed target', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  await phone.goto(wall.url());
  await phone.context().clearCookies();
  await signInLink(phone).click();
  await signIn(phone, 'Yusuf Kaya');
  await expectHeading(phone, 'phone.result.checked-in.title');
  expect(await hall.evidence()).toMatchObject([{ outcome: 'checked-in', flags: ['other-browser'] }]);
});

test('a sign-in that is broken off: the kept address goes on with the same scan', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  await phone.goto(wall.url());
  const target = await targetOf(phone);
  await signInLink(phone).click();
  await phone.goBack();
  await expectHeading(phone, 'phone.sign-in.title');
  await phone.goto(target.href);
  await signInLink(phone).click();
  await signIn(phone, 'Émile Lefèvre');
  await expectHeading(phone, 'phone.result.checked-in.title');
  expect(await hall.evidence()).toMatchObject([{ outcome: 'checked-in', flags: [] }]);
});

test('one scan checks in one person: whom its link is passed on to is told, and it is kept', async ({
  hall,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const accomplice = await openPhoneOf();
  await accomplice.goto(wall.url());
  const link = (await signInLink(accomplice).getAttribute('href')) ?? '';
  const outcomes = [];
  for (const name of ['Ruby Sinclair', 'Grace Okafor', 'Liam Fitzgerald']) {
    const friend = await openPhoneOf();
    await friend.goto(link);
    await signIn(friend, name);
    await expect(friend).toHaveURL(/\/c\/(result|refused)\//);
    outcomes.push(await friend.getByRole('heading', { level: 1 }).innerText());
  }
  expect(outcomes).toEqual([
    expect.stringMatching(words('phone.result.checked-in.title')),
    expect.stringMatching(words('phone.refused.ticket-used.title')),
    expect.stringMatching(words('phone.refused.ticket-used.title')),
  ]);
  const kept = (await hall.evidence()).map(({ name, outcome }) => `${String(name)}: ${outcome}`).sort();
  expect(kept).toEqual([
    'Grace Okafor: ticket-used',
    'Liam Fitzgerald: ticket-used',
    'Ruby Sinclair: checked-in',
  ]);
  expect(await hall.records()).toMatchObject([{ name: 'Ruby Sinclair' }]);
});

test('a platform that has no direct way in: the code is typed in the course', async ({
  hall,
  lms,
  openPhoneOf,
}) => {
  const wall = await hall.openWall();
  const phone = await openPhoneOf();
  // As Moodle is: it does not tell by which number its pages know the course.
  await hall.db.update(courses).set({ canvasCourseId: null }).where(eq(courses.id, hall.courseId));
  await phone.goto(wall.url());
  await expectHeading(phone, 'phone.sign-in.manual.title');
  await expect(signInLink(phone)).toHaveCount(0);
  const code = await phone.locator('code').innerText();
  expect(code).toBe(wall.typed());
  const tool = await lms.openInCourse(phone, 'Henrik Dahl', 102);
  await tool.getByRole('textbox', { name: words('mine.code.label') }).fill(code.toLowerCase());
  await tool.getByRole('button', { name: words('mine.code.go') }).click();
  await expect(tool.getByText(words('phone.result.checked-in.title')).first()).toBeVisible();
  expect(await hall.records()).toMatchObject([{ name: 'Henrik Dahl' }]);
});

test('a code of the meeting that has ended checks nobody into the next one', async ({
  hall,
  openPhoneOf,
}) => {
  const ended = await hall.addMeeting({ from: -100, to: -10, title: 'Anatomy' });
  const before = await hall.openWall({ meetingId: ended, opensAt: -100, closesAt: 30 });
  const phone = await openPhoneOf();
  await phone.goto(before.url());
  await expectHeading(phone, 'phone.refused.meeting-over.title');
  // Nor does the photo of a code that was good, once the next meeting's wall is up.
  await hall.openWall();
  await phone.goto(before.url(-11));
  await expectHeading(phone, 'phone.refused.meeting-over.title');
  expect(await hall.evidence()).toEqual([]);

  // A scan of the last minutes counts for the meeting whose wall it was, though the next has begun.
  const last = await hall.openWall({ meetingId: await hall.addMeeting({ from: -90, to: 1 }) });
  await scanAndSignIn(phone, last.url(), 'Clara Neumann');
  await expectHeading(phone, 'phone.result.checked-in.title');
});
