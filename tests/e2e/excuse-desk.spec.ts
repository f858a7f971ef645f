import type { Frame, Locator, Page } from '@playwright/test';
import { and, eq } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import {
  attendanceRecords,
  courses,
  excuseFiles,
  excuseMeetings,
  excuses,
  memberships,
  people,
} from '#lib/db/schema.ts';
import { known } from '../../demo/people.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test as base } from './lecture-hall.ts';
import { alive, courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

// Excuses as those see them who run a course. Each story has a course of its own, as launches would have left it.

interface DeskCourse {
  courseId: string;
  /** The teacher, at this page of the course. */
  openAt(page: Page, path: string, name?: string): Promise<Frame>;
  addMember(name: string, role?: 'student' | 'assistant' | 'teacher'): Promise<SeededMember>;
  /** Minutes from now; the student was absent, unless told otherwise. */
  addMeeting(title: string, from: number): Promise<string>;
  mark(student: SeededMember, meetingId: string, status: 'absent' | 'present'): Promise<void>;
  handIn(
    student: SeededMember,
    meetingIds: string[],
    given?: { text?: string; minutesAgo?: number; fileIds?: string[] },
  ): Promise<string>;
  statusAt(student: SeededMember, meetingId: string): Promise<string | undefined>;
}

const test = base.extend<{ desk: DeskCourse }>({
  desk: async ({ hall: { db }, page, lms, toolUrl }, use) => {
    // Whoever opens the tool is known from then on; another story may have brought the same people by another platform.
    const open = await toolFrame(page, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
    const [emily] = await db
      .select({ personId: people.id, platformId: people.platformId })
      .from(people)
      .innerJoin(memberships, eq(memberships.personId, people.id))
      .where(and(eq(people.name, 'Emily Hartwell'), eq(memberships.courseId, courseOf(open))));
    if (emily === undefined) throw new Error('Emily Hartwell is not known');
    const { personId, platformId } = emily;
    const named = (name: string) => and(eq(people.name, name), eq(people.platformId, platformId));
    const course = await seedCourse(db, { platformId });
    const { courseId } = course;
    await db.update(courses).set({ title: 'Wound Care' }).where(eq(courses.id, courseId));
    await course.addMember({ personId }, 'teacher');
    await use({
      courseId,
      async openAt(where, path, name = 'Emily Hartwell') {
        const of = name === 'Emily Hartwell' ? known.otherCourse : known.course;
        const frame = await toolFrame(where, lms, toolUrl, name, of);
        await frame.goto(`${toolUrl}/courses/${courseId}${path}`);
        return frame;
      },
      async addMember(name, role = 'student') {
        const [person] = await db.select().from(people).where(named(name));
        return course.addMember(person === undefined ? name : { personId: person.id }, role);
      },
      async addMeeting(title, from) {
        const startsAt = addMs(new Date(), from * minuteMs);
        const endsAt = addMs(startsAt, 90 * minuteMs);
        const timeZone = 'Europe/Berlin';
        return course.addMeeting({
          ...{ title, startsAt, endsAt, timeZone, breakMinutes: 0 },
          localStart: localOfInstant(startsAt, timeZone),
          localEnd: localOfInstant(endsAt, timeZone),
        });
      },
      async mark({ membershipId }, meetingId, status) {
        const provenMinutes = status === 'present' ? 90 : 0;
        await db
          .insert(attendanceRecords)
          .values({ id: newId(), meetingId, membershipId, status, provenMinutes, source: 'teacher' });
      },
      async handIn({ membershipId }, meetingIds, { text = null, minutesAgo = 60, fileIds = [] } = {}) {
        const id = newId();
        await db.insert(excuses).values({
          ...{ id, courseId, membershipId, reason: 'illness', text, state: 'submitted' },
          submittedAt: addMs(new Date(), -minutesAgo * minuteMs),
        });
        await db.insert(excuseMeetings).values(meetingIds.map((meetingId) => ({ excuseId: id, meetingId })));
        for (const fileId of fileIds)
          await db.update(excuseFiles).set({ excuseId: id }).where(eq(excuseFiles.id, fileId));
        return id;
      },
      async statusAt({ membershipId }, meetingId) {
        const [record] = await db
          .select()
          .from(attendanceRecords)
          .where(
            and(eq(attendanceRecords.meetingId, meetingId), eq(attendanceRecords.membershipId, membershipId)),
          );
        return record?.status;
      },
    });
  },
});

const opened = (frame: Frame) => frame.getByTestId('open-excuse');
const heading = (frame: Frame) => opened(frame).getByRole('heading', { level: 2 });
const lines = (frame: Frame) =>
  frame.getByRole('list', { name: words('desk-excuse.queue') }).getByRole('listitem');
const lineOf = (frame: Frame, name: string) => lines(frame).filter({ hasText: name });
const decision = (frame: Frame, which: 'accept' | 'decline' | 'take-back') =>
  opened(frame).locator(`[data-decision="${which}"]`);
const undoButton = (frame: Frame) =>
  frame.getByTestId('undo').getByRole('button', { name: words('register.undo') });
const note = (where: Locator) => where.getByRole('textbox', { name: words('desk-excuse.note') });
const waitingLink = (frame: Frame) => frame.getByRole('navigation').locator('a[href$="/excuses"]').first();

test('a teacher accepts one of two meetings: the register follows, the next excuse opens, and undo restores', async ({
  page,
  desk,
}) => {
  const anna = await desk.addMember('Anna Ahrendt');
  const bert = await desk.addMember('Bert Zander');
  const first = await desk.addMeeting('Dressings', -600);
  const second = await desk.addMeeting('Hygiene', -300);
  for (const meetingId of [first, second]) await desk.mark(anna, meetingId, 'absent');
  await desk.mark(bert, first, 'present');
  await desk.handIn(anna, [first, second], { text: 'Fever since Monday', minutesAgo: 90 });
  await desk.handIn(bert, [first], { minutesAgo: 30 });

  const frame = await desk.openAt(page, '/excuses');
  await expect(waitingLink(frame)).toHaveText(/^(Excuses|Entschuldigungen) \(2\)$/);
  // Who waits longest comes first.
  await expect(heading(frame)).toHaveText('Ahrendt, Anna');
  await expect(opened(frame)).toContainText('Fever since Monday');
  await alive(decision(frame, 'accept'));
  await expectAccessible(page, 'the desk');
  await expectNoSidewaysScroll(frame, 'the desk');

  await opened(frame).getByRole('checkbox', { name: 'Hygiene' }).uncheck();
  await expect(decision(frame, 'accept')).toHaveText(words('desk-excuse.accept-some'));
  await note(opened(frame)).fill('The first only');
  await decision(frame, 'accept').click();

  await expect(heading(frame)).toHaveText('Zander, Bert');
  await expect(heading(frame)).toBeFocused();
  await expect(frame.getByTestId('said')).toContainText(/1 (of|von) 2.*Zander, Bert/);
  await expect(opened(frame).getByText(words('desk-excuse.was-there'))).toBeVisible();
  await expect(waitingLink(frame)).toContainText('(1)');
  expect(await desk.statusAt(anna, first)).toBe('excused');
  expect(await desk.statusAt(anna, second)).toBe('absent');

  await undoButton(frame).click();
  await expect(heading(frame)).toHaveText('Ahrendt, Anna');
  await expect(opened(frame)).toHaveAttribute('data-state', 'submitted');
  // What was typed is there as it was.
  await expect(note(opened(frame))).toHaveValue('The first only');
  await expect(opened(frame).getByRole('checkbox', { name: 'Hygiene' })).not.toBeChecked();
  expect(await desk.statusAt(anna, first)).toBe('absent');

  // By the keyboard alone: down the queue, open, and on to the buttons.
  await lineOf(frame, 'Ahrendt').getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(heading(frame)).toBeFocused();
  await expect(heading(frame)).toHaveText('Zander, Bert');
  await decision(frame, 'decline').focus();
  await page.keyboard.press('Enter');
  await expect(heading(frame)).toHaveText('Ahrendt, Anna');
  await expect(undoButton(frame)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(heading(frame)).toHaveText('Zander, Bert');
  await expect(opened(frame)).toHaveAttribute('data-state', 'submitted');
});

test('a release that comes while a note is being written takes no word of it', async ({ page, desk }) => {
  const anna = await desk.addMember('Anna Ahrendt');
  const meeting = await desk.addMeeting('Dressings', -600);
  await desk.mark(anna, meeting, 'absent');
  await desk.handIn(anna, [meeting], { minutesAgo: 90 });
  const frame = await desk.openAt(page, '/excuses');
  await alive(decision(frame, 'accept'));
  await page.route('**/health/ready', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ body: await answer.text(), headers: { 'x-sk-release': 'the next one' } });
  });
  await note(opened(frame)).fill('Half a sent');
  // As when somebody comes back to the window: the list would be loaded anew, and the whole document with it.
  await frame.evaluate(() => window.dispatchEvent(new Event('focus')));
  const notice = frame
    .getByRole('alert')
    .filter({ has: frame.getByRole('button', { name: words('release.reload') }) });
  await expect(notice).toBeVisible();
  await expect(note(opened(frame))).toHaveValue('Half a sent');
});

test('several at once with one note; the last one leaves an empty desk, and the way back brings all', async ({
  page,
  desk,
  openBrowser,
}) => {
  const meetingId = await desk.addMeeting('Dressings', -600);
  const students = [];
  for (const name of ['Ada Amsel', 'Ben Buche', 'Cem Celik']) {
    const student = await desk.addMember(name);
    await desk.mark(student, meetingId, 'absent');
    await desk.handIn(student, [meetingId]);
    students.push(student);
  }
  const frame = await desk.openAt(page, '/excuses');
  await alive(decision(frame, 'accept'));
  await frame.getByRole('checkbox', { name: words('desk-excuse.tick-all') }).check();
  const ticked = frame.getByTestId('ticked');
  await expect(ticked.getByRole('heading')).toContainText('3');
  // One decision at a time: that of a single excuse waits.
  await expect(decision(frame, 'accept')).toHaveCount(0);
  await note(ticked).fill('Get well soon');
  await expectAccessible(page, 'several ticked');
  await ticked.getByRole('button', { name: words('desk-excuse.ticked.accept') }).click();

  await expect(frame.getByRole('heading', { name: words('desk-excuse.none.waiting.title') })).toBeFocused();
  await expectAccessible(page, 'nothing waits');
  for (const student of students) expect(await desk.statusAt(student, meetingId)).toBe('excused');

  // Decided ones are found again, and can be taken back one by one.
  const second = await openBrowser({ viewport: { width: 360, height: 740 } });
  const phone = await second.newPage();
  const small = await desk.openAt(phone, '/excuses?show=decided');
  await expect(lines(small)).toHaveCount(3);
  await lineOf(small, 'Buche').getByRole('link').click();
  await expect(opened(small)).toContainText('Get well soon');
  await expectAccessible(phone, 'a decided excuse');
  await expectNoSidewaysScroll(small, 'a decided excuse');
  await (await alive(decision(small, 'take-back'))).click();
  await expect(opened(small)).toHaveAttribute('data-state', 'submitted');
  await expect(heading(small)).toHaveText('Buche, Ben');

  // One of the three waits by now: the others come back, and what stands now is told.
  await undoButton(frame).click();
  await expect(lines(frame)).toHaveCount(3);
  for (const student of students) expect(await desk.statusAt(student, meetingId)).toBe('absent');
});

test('another teacher was faster: what stands now is told, and the note is kept', async ({
  page,
  desk,
  openBrowser,
}) => {
  const anna = await desk.addMember('Anna Ahrendt');
  const meetingId = await desk.addMeeting('Dressings', -600);
  await desk.mark(anna, meetingId, 'absent');
  await desk.handIn(anna, [meetingId]);
  const frame = await desk.openAt(page, '/excuses');
  await alive(decision(frame, 'accept'));
  await note(opened(frame)).fill('Please bring the original');

  const other = await openBrowser();
  const theirs = await desk.openAt(await other.newPage(), '/excuses');
  await (await alive(decision(theirs, 'decline'))).click();
  await expect(theirs.getByRole('heading', { name: words('desk-excuse.none.waiting.title') })).toBeVisible();

  await decision(frame, 'accept').click();
  const alert = opened(frame).getByRole('alert');
  await expect(alert.getByText(words('desk-excuse.kept-note'))).toBeVisible();
  await expect(alert).toContainText('Please bring the original');
  await expect(opened(frame)).toHaveAttribute('data-state', 'declined');
  expect(await desk.statusAt(anna, meetingId)).toBe('absent');
  await expectAccessible(page, 'a conflict');

  await decision(frame, 'take-back').click();
  await expect(note(opened(frame))).toHaveValue('Please bring the original');
  await decision(frame, 'accept').click();
  await expect(frame.getByRole('heading', { name: words('desk-excuse.none.waiting.title') })).toBeVisible();
  expect(await desk.statusAt(anna, meetingId)).toBe('excused');
});

/** Whether red shows in the middle of what is drawn there. */
async function isRed(page: Page, what: Locator): Promise<boolean> {
  const shot = (await what.screenshot()).toString('base64');
  const [r = 0, g = 255, b = 255] = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    if (pen === null) throw new Error('no canvas');
    pen.drawImage(picture, 0, 0);
    return [...pen.getImageData(picture.width / 2, picture.height / 2, 1, 1).data];
  }, shot);
  return r > 200 && g < 60 && b < 60;
}

test('a picture and a PDF are looked at in place, one after the other', async ({
  page,
  desk,
  openBrowser,
}) => {
  const meetingId = await desk.addMeeting('Dressings', 1500);
  const browser = await openBrowser();
  const studentPage = await browser.newPage();
  const own = await desk.openAt(studentPage, '/excuses', 'Lea Sommer');
  const lea = await desk.addMember('Lea Sommer');
  const keep = async (name: string, content: string | undefined) => {
    const fileId = newId();
    const answer = await own.evaluate(
      async ([address, name, base64]) => {
        let body: Blob | null;
        if (base64 === undefined) {
          const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 1200 });
          const pen = canvas.getContext('2d');
          if (pen === null) throw new Error('no canvas');
          pen.fillStyle = '#ff0000';
          pen.fillRect(0, 0, 900, 1200);
          body = await new Promise<Blob | null>((resolve) => {
            canvas.toBlob(resolve, 'image/jpeg', 0.9);
          });
        } else body = new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))]);
        const sent = await fetch(address, {
          ...{ method: 'PUT', body, headers: { 'x-file-name': encodeURIComponent(name) } },
        });
        return sent.text();
      },
      [`/api/courses/${desk.courseId}/excuse-files/${fileId}`, name, content] as const,
    );
    expect(answer).toContain('"kept"');
    return fileId;
  };
  const fileIds = [
    await keep('doctor.jpg', undefined),
    await keep('note.pdf', pdfDocument().toString('base64')),
  ];
  await desk.handIn(lea, [meetingId], { fileIds });

  const frame = await desk.openAt(page, '/excuses');
  await alive(decision(frame, 'accept'));
  const picture = opened(frame).getByRole('img', { name: 'doctor.jpg' });
  await expect
    .poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
  const blank = await (await openBrowser()).newPage();
  expect(await isRed(blank, picture)).toBe(true);
  await opened(frame)
    .getByRole('button', { name: words('desk-excuse.document.enlarge') })
    .click();
  await expectAccessible(page, 'an enlarged picture');

  await opened(frame)
    .getByRole('button', { name: words('desk-excuse.document.next') })
    .click();
  const pdf = opened(frame).locator('iframe[title="note.pdf"]');
  await expect.poll(() => isRed(blank, pdf), { timeout: 20_000 }).toBe(true);
  await expectAccessible(page, 'a PDF');

  // In a window of its own, where the frame's login is unknown.
  const [own2] = await Promise.all([
    page.context().waitForEvent('page'),
    opened(frame)
      .getByRole('button', { name: words('desk-excuse.document.window') })
      .click(),
  ]);
  await own2.waitForURL(/excuse-files\/[\w-]+\?preview$/);
  await own2.close();

  // Nobody else opens it, and nobody else sees the desk.
  const address = `/api/courses/${desk.courseId}/excuse-files/${fileIds[0] ?? ''}?preview`;
  const status = (where: Frame, path: string) =>
    where.evaluate(async (path) => (await fetch(path)).status, path);
  const strange = await desk.openAt(await (await openBrowser()).newPage(), '/excuses', 'Katharina Lindner');
  for (const path of ['/excuses', '/excuses/who']) {
    expect(await status(strange, `/courses/${desk.courseId}${path}`)).toBe(403);
  }
  expect(await status(strange, address)).toBe(403);
  expect(await status(own, `/courses/${desk.courseId}/excuses/who`)).toBe(403);
});

test('an assistant looks where the policy says so, decides nothing, and else finds a closed door', async ({
  page,
  desk,
  hall,
}) => {
  const anna = await desk.addMember('Anna Ahrendt');
  const meetingId = await desk.addMeeting('Dressings', -600);
  await desk.mark(anna, meetingId, 'absent');
  await desk.handIn(anna, [meetingId]);
  // A person whom nobody knows yet is made by their launch.
  await desk.openAt(page, '', 'Tobias Ahrens');
  await desk.addMember('Tobias Ahrens', 'assistant');

  const frame = await desk.openAt(page, '/excuses', 'Tobias Ahrens');
  await expect(frame.getByRole('heading', { name: words('errors.no-access.title') })).toBeVisible();
  await expect(frame.getByRole('navigation').locator('a[href$="/excuses"]')).toHaveCount(0);
  const ofMember = await desk.openAt(page, `/members/${anna.membershipId}`, 'Tobias Ahrens');
  await expect(ofMember.getByRole('heading', { level: 1 })).toHaveText('Ahrendt, Anna');
  await expect(ofMember.getByRole('heading', { name: words('member-excuses.title') })).toHaveCount(0);

  await hall.db
    .update(courses)
    .set({ policy: { assistantsMaySeeExcuses: true } })
    .where(eq(courses.id, desk.courseId));
  const looking = await desk.openAt(page, '/excuses', 'Tobias Ahrens');
  await expect(heading(looking)).toHaveText('Ahrendt, Anna');
  await expect(opened(looking).getByText(words('desk-excuse.look-only'))).toBeVisible();
  await expect(looking.locator('[data-decision], [data-testid="open-excuse"] input')).toHaveCount(0);
  await expectAccessible(page, 'an assistant’s desk');
});

test('who is excused stands by week; a student’s page and an excused row lead to the excuse', async ({
  page,
  desk,
}) => {
  const anna = await desk.addMember('Anna Ahrendt');
  const bert = await desk.addMember('Bert Zander');
  const meetingId = await desk.addMeeting('Dressings', -100);
  for (const student of [anna, bert]) await desk.mark(student, meetingId, 'absent');
  await desk.handIn(anna, [meetingId], { minutesAgo: 90 });
  await desk.handIn(bert, [meetingId], { minutesAgo: 30 });
  const frame = await desk.openAt(page, '/excuses');
  await (await alive(decision(frame, 'accept'))).click();
  await expect(heading(frame)).toHaveText('Zander, Bert');

  await frame.getByRole('link', { name: words('desk-excuse.show.who') }).click();
  const at = frame.getByRole('region', { name: 'Dressings' });
  const stateOf = (name: string, state: 'accepted' | 'submitted') =>
    at
      .getByRole('listitem')
      .filter({ hasText: name })
      .getByText(words(`excuse.state.${state}`));
  await expect(stateOf('Ahrendt', 'accepted')).toBeVisible();
  await expect(stateOf('Zander', 'submitted')).toBeVisible();
  await expectAccessible(page, 'who is excused');
  await frame.getByRole('link', { name: words('who-excused.next') }).click();
  await expect(frame.getByRole('heading', { name: words('who-excused.none.title') })).toBeVisible();

  const register = await desk.openAt(page, `/meetings/${meetingId}`);
  const row = register.locator(`[data-membership="${anna.membershipId}"]`);
  await (await alive(row.locator('[data-edit]').first())).click();
  await register.getByRole('link', { name: words('desk-excuse.of-record') }).click();
  const ofMember = register.getByRole('region', { name: words('member-excuses.title') });
  await ofMember.getByRole('link').click();
  await expect(heading(register)).toHaveText('Ahrendt, Anna');
  await expect(opened(register)).toHaveAttribute('data-state', 'accepted');
});
