import type { Frame } from '@playwright/test';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { parseEnv } from '#lib/base/env.ts';
import { createLog } from '#lib/base/log.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs } from '#lib/base/time.ts';
import {
  attendanceRecords,
  excuseFiles,
  excuseMeetings,
  excuses,
  memberships,
  membershipSpans,
  people,
} from '#lib/db/schema.ts';
import { cleanDocuments } from '#lib/excuses/clean-documents.ts';
import { openFileStore } from '#lib/files/open-file-store.ts';
import { applyRetention } from '#lib/privacy/apply-retention.ts';
import { known } from '../../demo/people.ts';
import { expectAccessible } from './accessible.ts';
import { jpegFile, takePhoto, watchProgress } from './phone-photo.ts';
import { expect, test } from './lecture-hall.ts';
import { alive, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';
import { ownStage } from '../support/e2e-stages.ts';
import { keysIn } from '../support/stored-files.ts';

const dayMs = 86_400_000;

/** Meetings that count until now, on whichever page: "0 of 3 meetings" are [0, 3]. */
async function figuresIn(frame: Frame): Promise<[attended: number, expected: number]> {
  const figures = /(\d+) (?:of|von) (\d+) (?:meeting|Termin)/;
  const text = await frame.getByText(figures).first().innerText();
  const [, attended, expected] = figures.exec(text) ?? [];
  return [Number(attended), Number(expected)];
}

test('a photo for two missed meetings: one is accepted, one declined, all pages agree, and the photo is gone in time', async ({
  hall,
  lms,
  openPhoneOf,
  page: teacherPage,
  toolUrl,
}) => {
  const { db, courseId } = hall;
  await lms.control('members', {
    courseId: known.otherCourse,
    sectionId: 2201,
    given: 'Nora',
    family: 'Story',
  });
  const phone = await openPhoneOf();
  const student = await toolFrame(phone, lms, toolUrl, 'Nora Story', known.otherCourse);
  const [place] = await db
    .select({ id: memberships.id })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(and(eq(people.name, 'Nora Story'), eq(memberships.courseId, courseId)));
  const membershipId = place?.id ?? '';
  // A member since the course began, by a teacher's word, which no roster sets back.
  await db
    .update(membershipSpans)
    .set({ startsAt: null, source: 'teacher' })
    .where(eq(membershipSpans.membershipId, membershipId));
  const missed: string[] = [];
  for (const [title, from] of [
    ['Dressings', -200],
    ['Sutures', -100],
  ] as const) {
    const meetingId = await hall.addMeeting({ title, from, to: from + 60 });
    await db.insert(attendanceRecords).values({
      ...{ id: newId(), meetingId, membershipId, status: 'absent', provenMinutes: 0, source: 'teacher' },
    });
    missed.push(meetingId);
  }

  // The student sees that both are missing, and hands in one photo for both.
  await student.goto(`${toolUrl}/courses/${courseId}`);
  // Other stories' meetings may count, too.
  const [attended, expected] = await figuresIn(student);
  expect(expected).toBeGreaterThanOrEqual(2);
  await student
    .getByRole('link', { name: words('mine.excuse') })
    .first()
    .click();
  const send = student.getByRole('button', { name: words('my-excuse.send') });
  await alive(send);
  await student.getByRole('checkbox', { name: /Dressings/ }).check();
  await student.getByRole('checkbox', { name: /Sutures/ }).check();
  await student.getByText(words('excuse.reason.illness')).click();
  const photo = await takePhoto(phone, 1600, 1200);
  const line = await phone.context().newCDPSession(phone);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: photo.length / 3 },
  });
  await student.locator('input[type="file"]').last().setInputFiles(jpegFile('Attest.jpg', photo));
  const document = student
    .getByRole('list', { name: words('my-excuse.documents.list') })
    .getByRole('listitem')
    .first();
  const seen = (await watchProgress(document)).filter((value) => value > 0 && value < 99);
  expect(seen.length, 'the bar moves').toBeGreaterThan(2);
  await send.click();
  await expect(student.getByRole('heading', { name: words('my-excuse.done.title') })).toBeVisible();
  await line.detach();

  // The teacher looks at it in place, accepts one and declines the other.
  const teacher = await toolFrame(teacherPage, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
  await teacher.getByRole('navigation').locator('a[href$="/excuses"]').click();
  const queue = teacher.getByRole('list', { name: words('desk-excuse.queue') });
  await queue.getByRole('listitem').filter({ hasText: 'Story, Nora' }).getByRole('link').click();
  const opened = teacher.getByTestId('open-excuse');
  await expect(opened.getByRole('heading', { level: 2 })).toHaveText('Story, Nora');
  await expect
    .poll(() =>
      opened
        .getByRole('img', { name: 'Attest.jpg' })
        .evaluate((img) => (img as HTMLImageElement).naturalWidth),
    )
    .toBe(1600);
  await alive(opened.locator('[data-decision="accept"]'));
  await opened.getByRole('checkbox', { name: 'Sutures' }).uncheck();
  await opened
    .getByRole('textbox', { name: words('desk-excuse.note') })
    .fill('Please bring the original for Sutures');
  await opened.locator('[data-decision="accept"]').click();
  await expect(teacher.getByTestId('said')).toContainText('Story, Nora');

  // The register, the member's figures and the student's own say the same.
  for (const [index, status] of [/excused|entschuldigt/, /absent|abwesend/].entries()) {
    await teacher.goto(`${toolUrl}/courses/${courseId}/meetings/${missed[index] ?? ''}`);
    await expect(teacher.locator(`[data-membership="${membershipId}"]`)).toHaveAttribute(
      'aria-label',
      status,
    );
  }
  await teacher.goto(`${toolUrl}/courses/${courseId}/members/${membershipId}`);
  const told = await figuresIn(teacher);
  expect(told[0]).toBe(attended);
  expect(told[1]).toBeLessThan(expected);
  await student.goto(`${toolUrl}/courses/${courseId}`);
  expect(await figuresIn(student)).toEqual(told);
  await student.goto(`${toolUrl}/courses/${courseId}/excuses`);
  const excuse = student.getByRole('article');
  await expect(excuse).toContainText('Please bring the original for Sutures');
  const ofMeeting = (title: string) => excuse.getByRole('listitem').filter({ hasText: title });
  await expect(ofMeeting('Dressings').getByText(words('excuse.state.accepted'))).toBeVisible();
  await expect(ofMeeting('Sutures').getByText(words('excuse.state.declined'))).toBeVisible();
  await expectAccessible(phone, 'a decided excuse');

  // Thirty days later the document is gone, from the store and for everybody; the decision stays.
  const [file] = await db.select().from(excuseFiles).where(eq(excuseFiles.membershipId, membershipId));
  const address = `/api/courses/${courseId}/excuse-files/${file?.id ?? ''}?preview`;
  const statusOf = (frame: Frame) => frame.evaluate(async (path) => (await fetch(path)).status, address);
  expect([await statusOf(student), await statusOf(teacher)]).toEqual([200, 200]);
  const settings = parseEnv(ownStage().toolEnv);
  if (!settings.ok) throw new Error(settings.problems.join('\n'));
  const store = openFileStore(settings.env);
  expect(await keysIn(store)).toContain(file?.objectKey);
  const after = (days: number) => ({
    ...{ db, secrets: hall.secrets, log: createLog('silent'), viewer: undefined },
    now: addMs(new Date(), days * dayMs),
  });
  const means = { nameOf: (number: number) => `Erased ${String(number)}`, endedAt: () => new Date() };
  await applyRetention(after(29), means);
  expect(await statusOf(teacher)).toBe(200);
  await applyRetention(after(31), means);
  await cleanDocuments(after(31), store);
  expect([await statusOf(student), await statusOf(teacher)]).toEqual([404, 404]);
  expect(await keysIn(store)).not.toContain(file?.objectKey);
  await student.goto(`${toolUrl}/courses/${courseId}/excuses`);
  await expect(ofMeeting('Dressings').getByText(words('excuse.state.accepted'))).toBeVisible();
  await expect(excuse.getByRole('img')).toHaveCount(0);

  // The hall's meetings go; what is about them goes first.
  const own = db.select({ id: excuses.id }).from(excuses).where(eq(excuses.membershipId, membershipId));
  await db.delete(excuseFiles).where(eq(excuseFiles.membershipId, membershipId));
  await db.delete(excuseMeetings).where(inArray(excuseMeetings.excuseId, own));
  await db.delete(excuses).where(sql`membership_id = ${membershipId}`);
});
