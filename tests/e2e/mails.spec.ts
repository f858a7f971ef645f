import { eq } from 'drizzle-orm';
import { newId, randomToken } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { courses, deployments, excuseMeetings, excuses, people } from '#lib/db/schema.ts';
import { decideExcuse } from '#lib/excuses/decide-excuse.ts';
import { seedCourse } from '../support/seed-course.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './lecture-hall.ts';
import { words } from './words.ts';

test('a decision reaches its student by mail, who wants no more of them by two clicks and without signing in', async ({
  page,
  hall: { db, secrets, courseId: known },
  lms,
}) => {
  // The tool looks each minute for what is due.
  test.setTimeout(180_000);
  const [platform] = await db
    .select({ platformId: deployments.platformId })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .where(eq(courses.id, known));
  const course = await seedCourse(db, platform);
  const teacher = await course.addMember('Tea Cher', 'teacher');
  const student = await course.addMember('Mila Postmann');
  const email = `mila.${randomToken(6).toLowerCase()}@example.org`;
  await db.update(people).set({ email, locale: 'de' }).where(eq(people.id, student.personId));
  const meetingId = await course.addMeeting({ title: 'Verbände' });
  const excuseId = newId();
  const { courseId } = course;
  await db.insert(excuses).values({
    ...{ id: excuseId, courseId, membershipId: student.membershipId, reason: 'illness', state: 'submitted' },
    submittedAt: addMs(new Date(), -60 * minuteMs),
  });
  await db.insert(excuseMeetings).values({ excuseId, meetingId });
  const ctx: Ctx = {
    ...{ db, secrets, log: createLog('silent'), viewer: { personId: teacher.personId } },
    now: addMs(new Date(), -2 * minuteMs),
  };
  const decision = {
    courseId,
    excuseId,
    revision: 1,
    acceptedMeetingIds: [meetingId],
    note: 'Gute Besserung',
  };
  expect(await decideExcuse(ctx, decision)).toMatchObject({ kind: 'decided' });

  const line = page.getByRole('listitem').filter({ hasText: email });
  await expect(async () => {
    await page.goto(`${lms.url}/inbox`);
    await expect(line).toHaveCount(1);
  }).toPass({ timeout: 150_000, intervals: [2_000] });
  await expectAccessible(page, 'the inbox');
  await line.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    'Über deine Entschuldigung ist entschieden',
  );
  const text = page.locator('.mail-text');
  await expect(text).toContainText(/Verbände.*: anerkannt/);
  await expect(text).not.toContainText('Besserung');
  await expect(page.frameLocator('.mail-frame').getByRole('listitem')).toContainText('anerkannt');
  // No script may look into the frame of the mail itself, not even the one that judges pages.
  await page.locator('.mail-frame').evaluate((frame) => {
    frame.remove();
  });

  const [page2] = await Promise.all([
    page.context().waitForEvent('page'),
    text.locator('a[href*="/mail/unsubscribe/"]').click(),
  ]);
  await page2.setViewportSize({ width: 360, height: 740 });
  await expect(page2.getByRole('heading', { level: 1 })).toHaveText(words('mail.stop.ask'));
  await expectAccessible(page2, 'the question');
  await page2.getByRole('button', { name: words('mail.stop.go') }).click();
  await expect(page2.getByRole('heading', { level: 1 })).toHaveText(words('mail.stop.done'));
  await expectAccessible(page2, 'off');
  await page2.getByRole('button', { name: words('mail.stop.undo') }).click();
  await expect(page2.getByRole('heading', { level: 1 })).toHaveText(words('mail.stop.undone'));
});
