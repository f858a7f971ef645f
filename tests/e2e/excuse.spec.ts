import type { Frame, Page } from '@playwright/test';
import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import {
  attendanceRecords,
  excuseFiles,
  excuseMeetings,
  excuses,
  memberships,
  people,
} from '#lib/db/schema.ts';
import { de } from '#lib/i18n/de.ts';
import { en } from '#lib/i18n/en.ts';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { forgetLostNetwork } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { expect, test as base } from './lecture-hall.ts';
import type { LectureHall } from './lecture-hall.ts';
import { jpegFile, takePhoto, watchProgress } from './phone-photo.ts';
import { alive, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

// The student's side of an excuse, on a phone.

interface Student {
  phone: Page;
  frame: Frame;
  membershipId: string;
  /** Two meetings that they missed. */
  missed: string[];
  /** Opens the form, alive. */
  openForm(query?: string): Promise<void>;
  openList(): Promise<void>;
  handedIn(): Promise<(typeof excuses.$inferSelect)[]>;
}

const test = base.extend<{ openStudent(given: string, language?: 'de' | 'en'): Promise<Student> }>({
  openStudent: async ({ hall, lms, openPhoneOf, toolUrl }, use) => {
    const opened: string[] = [];
    await use(async (given, language = 'de') => {
      const phone = await openPhoneOf();
      const name = await enrol(phone, lms, { given, language });
      const frame = await toolFrame(phone, lms, toolUrl, name, known.otherCourse);
      await expect(frame.locator('html')).toHaveAttribute('lang', language);
      const membershipId = await findMembership(hall, name);
      opened.push(membershipId);
      const missed: string[] = [];
      for (const from of [-180, -90]) missed.push(await miss(hall, membershipId, from));
      const path = `${toolUrl}/courses/${hall.courseId}/excuses`;
      return {
        ...{ phone, frame, membershipId, missed },
        openForm: async (query = '') => {
          await frame.goto(`${path}/new${query}`);
          await alive(sendButton(frame));
        },
        openList: async () => {
          await frame.goto(path);
        },
        handedIn: () => hall.db.select().from(excuses).where(eq(excuses.membershipId, membershipId)),
      };
    });
    // The hall's meetings go; what is about them goes first.
    const own = hall.db.select({ id: excuses.id }).from(excuses).where(inArray(excuses.membershipId, opened));
    await hall.db.delete(excuseFiles).where(inArray(excuseFiles.membershipId, opened));
    await hall.db.delete(excuseMeetings).where(inArray(excuseMeetings.excuseId, own));
    await hall.db.delete(excuses).where(inArray(excuses.membershipId, opened));
  },
});

test.afterEach(({ faults }) => {
  forgetLostNetwork(faults);
});

/** A student of this story's own, whom the platform speaks to in this language. */
async function enrol(
  phone: Page,
  lms: Lms,
  { given, language }: { given: string; language: 'de' | 'en' },
): Promise<string> {
  const member = { courseId: known.otherCourse, sectionId: 2201, given, family: 'Excuse' };
  const { person } = (await lms.control('members', member)) as { person: { id: number; name: string } };
  const data = { personId: person.id, locale: language };
  expect((await phone.request.patch(`${lms.url}/demo/control/people`, { data })).ok()).toBe(true);
  return person.name;
}

async function findMembership(hall: LectureHall, name: string): Promise<string> {
  const [found] = await hall.db
    .select({ id: memberships.id })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(and(eq(people.name, name), eq(memberships.courseId, hall.courseId)));
  if (found === undefined) throw new Error(`${name} is no member`);
  return found.id;
}

async function miss(hall: LectureHall, membershipId: string, from: number): Promise<string> {
  const meetingId = await hall.addMeeting({ from, to: from + 60, title: `Missed ${String(-from)}` });
  await hall.db.insert(attendanceRecords).values({
    ...{ id: newId(), meetingId, membershipId, status: 'absent', provenMinutes: 0, source: 'teacher' },
  });
  return meetingId;
}

const sendButton = (frame: Frame) => frame.getByRole('button', { name: words('my-excuse.send') });
/** The last file field: the first is the camera's. */
const fileField = (frame: Frame) => frame.locator('input[type="file"]').last();
const lines = (frame: Frame) =>
  frame.getByRole('list', { name: words('my-excuse.documents.list') }).getByRole('listitem');
const arrived = (frame: Frame) => lines(frame).and(frame.locator('[data-state="kept"]'));
const reason = (frame: Frame) => frame.getByText(words('excuse.reason.illness'));
const handedInBox = (frame: Frame) =>
  frame
    .getByRole('status')
    .filter({ has: frame.getByRole('heading', { name: words('my-excuse.done.title') }) });

for (const language of ['de', 'en'] as const) {
  test(`a photo for two missed meetings, seen on its way, handed in, and found again (${language})`, async ({
    openStudent,
  }) => {
    const { phone, frame, openForm, openList, handedIn, missed } = await openStudent(
      `Pia ${language}`,
      language,
    );
    await openForm();
    // Those that were missed are ticked, nothing else.
    await expect(frame.getByRole('checkbox', { checked: true })).toHaveCount(2);
    await reason(frame).click();
    // A phone is offered its camera first.
    await expect(frame.getByRole('button', { name: words('my-excuse.documents.camera') })).toBeVisible();
    await expect(frame.locator('input[type="file"]').first()).toHaveAttribute('capture', 'environment');
    await expectAccessible(phone, 'the form');
    await expectNoSidewaysScroll(frame, 'the form');

    const photo = await takePhoto(phone, 2000, 1500);
    expect(photo.length).toBeGreaterThan(1_000_000);
    const line = await phone.context().newCDPSession(phone);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: photo.length / 3 },
    });
    await fileField(frame).setInputFiles(jpegFile('Attest.jpg', photo));
    const progress = watchProgress(lines(frame).first());
    await expect(lines(frame).first().getByRole('progressbar')).toBeVisible();
    // Handed in while the document is still on its way: it waits for it.
    await sendButton(frame).click();
    await expect(frame.getByRole('button', { name: words('my-excuse.send.uploading') })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    const values = (await progress).filter((value) => value > 0 && value < 99);
    expect(values.length, 'the bar moves').toBeGreaterThan(2);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    await line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 },
    });

    await expect(handedInBox(frame)).toBeFocused();
    await expectAccessible(phone, 'handed in');
    const [excuse] = await handedIn();
    expect(excuse?.state).toBe('submitted');

    await openList();
    const article = frame.getByRole('article');
    await expect(article).toHaveCount(1);
    await expect(article.getByText(words('excuse.state.submitted'))).toBeVisible();
    await expect(article.getByText(/^Missed/)).toHaveCount(missed.length);
    const document = article.getByRole('link', { name: words('my-excuse.document.open') });
    const href = (await document.getAttribute('href')) ?? '';
    expect(await frame.evaluate(async (url) => (await fetch(url)).status, href)).toBe(200);
    // The picture itself is seen.
    await expect
      .poll(() => article.locator('img').evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    await expectAccessible(phone, 'my excuses');
    await expectNoSidewaysScroll(frame, 'my excuses');

    // What an excuse stands for is shown in the next one, and cannot be chosen.
    await openForm();
    await expect(frame.getByRole('checkbox', { checked: true })).toHaveCount(0);
    await expect(frame.getByRole('checkbox', { disabled: true })).toHaveCount(missed.length);
  });
}

test('what broke off is tried again; what is no document is told; a reload keeps all that was entered', async ({
  openStudent,
}) => {
  const { phone, frame, openForm, missed, handedIn } = await openStudent('Quentin');
  await openForm(`?meeting=${missed[1] ?? ''}`);
  await expect(frame.getByRole('checkbox', { checked: true })).toHaveCount(1);
  const photo = await takePhoto(phone, 400, 300);

  await phone.route('**/excuse-files/*', (route) => route.abort('connectionreset'), { times: 1 });
  await fileField(frame).setInputFiles(jpegFile('note.jpg', photo));
  await expect(lines(frame).getByText(words('my-excuse.upload.unreachable')).first()).toBeVisible();
  await reason(frame).click();
  // Nothing is handed in without what belongs to it.
  await sendButton(frame).click();
  await expect(frame.getByRole('alert').getByText(words('my-excuse.problem.documents'))).toBeVisible();
  await expectAccessible(phone, 'an upload that broke off');
  await lines(frame)
    .getByRole('button', { name: words('my-excuse.upload.retry-one') })
    .click();
  await expect(arrived(frame)).toHaveCount(1);
  await expect(frame.getByText(words('my-excuse.problem.documents'))).toHaveCount(0);

  await fileField(frame).setInputFiles([
    { name: 'note.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ this is a program') },
    { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(5 * 1024 * 1024 + 1) },
  ]);
  await expect(lines(frame).getByText(words('excuse-file.refused.wrong-type')).first()).toBeVisible();
  await expect(lines(frame).getByText(words('excuse-file.refused.too-large')).first()).toBeVisible();
  for (const name of ['note.pdf', 'film.mp4']) {
    await frame.getByRole('button', { name: new RegExp(`: ${name}$`) }).click();
  }
  await expect(lines(frame)).toHaveCount(1);
  // More than there is room for.
  await fileField(frame).setInputFiles(
    [1, 2, 3, 4, 5].map((at) => jpegFile(`more-${String(at)}.jpg`, photo)),
  );
  const leftOver = frame.getByRole('status').filter({ hasText: words('my-excuse.documents.left-over') });
  await expect(leftOver).toBeVisible();
  await expect(arrived(frame)).toHaveCount(5);

  await frame.getByRole('textbox').fill('Fever since Monday');
  await frame.goto(frame.url());
  await alive(sendButton(frame));
  await expect(frame.getByRole('textbox')).toHaveValue('Fever since Monday');
  await expect(frame.getByRole('radio', { name: words('excuse.reason.illness') })).toBeChecked();
  await expect(frame.getByRole('checkbox', { checked: true })).toHaveCount(1);
  await expect(arrived(frame)).toHaveCount(5);
  // Documents themselves are not kept in the browser: what is shown comes from the server.
  await expect
    .poll(() =>
      lines(frame)
        .first()
        .locator('img')
        .evaluate((img) => (img as HTMLImageElement).naturalWidth),
    )
    .toBeGreaterThan(0);
  await sendButton(frame).click();
  await expect(handedInBox(frame)).toBeVisible();
  expect(await handedIn()).toMatchObject([{ reason: 'illness', text: 'Fever since Monday' }]);
  // It was handed in: the next form begins anew.
  await openForm();
  await expect(frame.getByRole('textbox')).toHaveValue('');
});

test('a double tap, and an answer that never came, hand in once', async ({ openStudent }) => {
  const { phone, frame, openForm, handedIn } = await openStudent('Rosa');
  await openForm();
  await sendButton(frame).click();
  await expect(frame.getByRole('alert').getByText(words('my-excuse.problem.reason'))).toBeVisible();
  await reason(frame).click();
  await phone.route(
    '**/excuses/new*',
    async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  await sendButton(frame).click();
  await expect(frame.getByRole('alert').getByText(words('my-excuse.problem.unreachable'))).toBeVisible();
  await expect(
    frame.getByRole('alert').filter({ has: frame.getByText(words('my-excuse.problem.unreachable')) }),
  ).toBeFocused();
  expect(await handedIn()).toHaveLength(1);
  await sendButton(frame).dblclick();
  await expect(handedInBox(frame)).toBeVisible();
  expect(await handedIn()).toHaveLength(1);
});

test('a camera’s largest photo is made smaller in the browser, and arrives', async ({
  openStudent,
  hall,
}) => {
  const { phone, frame, openForm, membershipId } = await openStudent('Sven');
  await openForm();
  const photo = await takePhoto(phone, 4600, 3200);
  expect(photo.length).toBeGreaterThan(5 * 1024 * 1024);
  await fileField(frame).setInputFiles(jpegFile('IMG_0001.jpg', photo));
  await expect(arrived(frame)).toHaveCount(1, { timeout: 40_000 });
  const [file] = await hall.db.select().from(excuseFiles).where(eq(excuseFiles.membershipId, membershipId));
  expect(file?.bytes).toBeLessThanOrEqual(5 * 1024 * 1024);
});

test('without network nothing is lost: it is said, and goes on by itself', async ({ openStudent }) => {
  const { phone, frame, openForm, handedIn } = await openStudent('Tilda');
  await openForm();
  await reason(frame).click();
  const photo = await takePhoto(phone, 400, 300);
  await phone.context().setOffline(true);
  await expect(frame.getByText(words('my-excuse.offline'))).toBeVisible();
  await fileField(frame).setInputFiles(jpegFile('note.jpg', photo));
  await expect(lines(frame).getByText(words('my-excuse.upload.unreachable')).first()).toBeVisible();
  await phone.context().setOffline(false);
  await expect(arrived(frame)).toHaveCount(1);
  await expect(frame.getByText(words('my-excuse.offline'))).toHaveCount(0);
  await sendButton(frame).click();
  await expect(handedInBox(frame)).toBeVisible();
  expect(await handedIn()).toHaveLength(1);
});

test('a range of days names what lies in it', async ({ openStudent }) => {
  const { phone, frame, openForm, handedIn } = await openStudent('Uwe');
  await openForm();
  await frame.getByText(words('my-excuse.way.days')).click();
  const today = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin' }).format(new Date()).split('/');
  const segments = frame.getByRole('group', { name: words('my-excuse.days.from') }).getByRole('spinbutton');
  for (const [at, piece] of today.entries()) await segments.nth(at).pressSequentially(piece);
  const within = frame.getByRole('status').filter({ hasText: /^In diesen Tagen liegen? \d+ Termine?:/ });
  await expect(within.getByText('Missed 90')).toBeVisible();
  await expectAccessible(phone, 'days');
  await expectNoSidewaysScroll(frame, 'days');
  await reason(frame).click();
  await sendButton(frame).click();
  await expect(handedInBox(frame)).toBeVisible();
  const [excuse] = await handedIn();
  expect(excuse?.fromDay).toBe(today.toReversed().join('-'));
  expect(excuse?.toDay).toBe(excuse?.fromDay);
});

test('a document can come later, the excuse be withdrawn, and a decision be read', async ({
  openStudent,
  hall,
}) => {
  const { phone, frame, openForm, openList, handedIn, missed, membershipId } = await openStudent('Vera');
  await openList();
  await expect(frame.getByText(words('my-excuse.empty.title'))).toBeVisible();
  await expectAccessible(phone, 'no excuse yet');
  await openForm();
  await reason(frame).click();
  await sendButton(frame).click();
  await expect(handedInBox(frame)).toBeVisible();
  await handedInBox(frame)
    .getByRole('link', { name: words('my-excuse.title') })
    .click();

  await (await alive(frame.getByRole('button', { name: words('my-excuse.add') }))).click();
  await fileField(frame).setInputFiles(jpegFile('later.jpg', await takePhoto(phone, 400, 300)));
  await frame.getByRole('button', { name: words('my-excuse.add.send') }).click();
  await expect(frame.getByText(words('my-excuse.add.done'))).toBeFocused();
  await expect(frame.getByRole('link', { name: /later\.jpg/ })).toBeVisible();
  await expectAccessible(phone, 'a document added');

  await frame.getByRole('button', { name: words('my-excuse.withdraw') }).click();
  const question = frame.getByRole('group', { name: words('my-excuse.withdraw.title') });
  await expect(question).toBeFocused();
  await expectAccessible(phone, 'the question');
  await phone.keyboard.press('Escape');
  await expect(frame.getByRole('button', { name: words('my-excuse.withdraw') })).toBeFocused();
  await frame.getByRole('button', { name: words('my-excuse.withdraw') }).click();
  await question.getByRole('button', { name: words('my-excuse.withdraw.go') }).click();
  await expect(frame.getByRole('article')).toBeFocused();
  await expect(frame.getByText(words('excuse.state.withdrawn'))).toBeVisible();
  await expect(frame.getByRole('link', { name: /later\.jpg/ })).toHaveCount(0);
  await expect(frame.getByText(/(deleted|gelöscht)/)).toBeVisible();

  // The same meetings again; one of them is accepted.
  await openForm();
  await expect(frame.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await reason(frame).click();
  await sendButton(frame).click();
  await expect(handedInBox(frame)).toBeVisible();
  await openList();
  const waiting = (await handedIn()).find(({ state }) => state === 'submitted');
  if (waiting === undefined) throw new Error('nothing waits');
  const open = await alive(frame.getByRole('button', { name: words('my-excuse.withdraw') }));
  await hall.db
    .update(excuses)
    .set({ state: 'accepted', decidedAt: new Date(), decisionNote: 'Only the first one.\nSee you!' })
    .where(eq(excuses.id, waiting.id));
  for (const [at, meetingId] of missed.entries()) {
    await hall.db
      .update(excuseMeetings)
      .set({ decision: at === 0 ? 'accepted' : 'declined' })
      .where(and(eq(excuseMeetings.excuseId, waiting.id), eq(excuseMeetings.meetingId, meetingId)));
  }
  // The student was too late.
  await open.click();
  await question.getByRole('button', { name: words('my-excuse.withdraw.go') }).click();
  await expect(frame.getByText(words('my-excuse.partly'))).toBeVisible();
  await expect(frame.getByText('Only the first one.')).toBeVisible();
  await expect(frame.getByText(words('excuse.state.declined'))).toBeVisible();
  await expect(frame.getByText(words('excuse.state.accepted'))).toHaveCount(2);
  await expect(frame.getByRole('button', { name: words('my-excuse.withdraw') })).toHaveCount(0);
  await expectAccessible(phone, 'a decision');
  expect(membershipId).toBe(waiting.membershipId);
});

test('without script the form says that it needs one', async ({ openStudent }) => {
  const { frame, openForm } = await openStudent('Wanda');
  await openForm();
  const page = await frame.evaluate(async () => (await fetch(location.href)).text());
  const [unscripted] = /<noscript>.*?<\/noscript>/.exec(page) ?? [];
  const sentences = [en, de].map((dictionary) => dictionary['my-excuse.needs-script']);
  expect(sentences.some((sentence) => unscripted?.includes(sentence))).toBe(true);
});
