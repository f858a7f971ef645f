import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { courses, deployments, memberships, platforms } from '#lib/db/schema.ts';
import type { Role } from '#lib/db/schema.ts';
import { addJob, startQueue, stopQueue, workOn } from '#lib/jobs/queue.ts';
import { planNight } from '#lib/rosters/plan-night.ts';
import {
  requestRosterSync,
  requestRosterSyncAtNight,
  requestRosterSyncNow,
} from '#lib/rosters/request-roster-sync.ts';
import { seedCourse } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

// The real queue, in the test's own database. Nobody works on it but the last test: the others look what waits.
const tool = useTestContext();

beforeAll(async () => {
  Object.assign(process.env, { SESSION_SECRET: testSecrets.current });
  await startQueue(tool.database.url, createLog('silent'));
});
afterAll(stopQueue);
beforeEach(() => tool.ctx.db.execute(sql`delete from pgboss.job`));

async function openCourse(change: Partial<typeof courses.$inferInsert> = {}) {
  const seeded = await seedCourse(tool.ctx.db);
  await tool.ctx.db
    .update(courses)
    .set({ namesAndRolesUrl: 'https://canvas.example/members', canvasCourseId: null, ...change })
    .where(eq(courses.id, seeded.courseId));
  const [course] = await tool.ctx.db.select().from(courses).where(eq(courses.id, seeded.courseId));
  if (course === undefined) throw new Error('it was just made');
  const as = async (role: Role): Promise<Ctx> => {
    const { personId } = await seeded.addMember(`A ${role}`, role);
    return tool.as(personId);
  };
  return { ...seeded, course, as };
}

interface Waiting {
  name: string;
  course: string;
  asked_by: string | null;
  start_after: string;
}

async function waiting(): Promise<Waiting[]> {
  const found = await tool.ctx.db.execute<Waiting & Record<string, unknown>>(sql`
    select name, data->>'courseId' as course, data->>'askedBy' as asked_by, start_after from pgboss.job order by id`);
  return found.rows;
}

describe('the roster is asked for', () => {
  const ago = (minutes: number) => addMs(saturday, -minutes * minuteMs);

  test.each<[string, Role, Partial<typeof courses.$inferInsert>, number]>([
    ['a teacher launches a course that was never read', 'teacher', {}, 1],
    ['an assistant does', 'assistant', {}, 1],
    ['a student does', 'student', {}, 0],
    ['the last list is ten minutes old', 'teacher', { rosterSyncedAt: ago(10) }, 1],
    ['it is nine minutes old', 'teacher', { rosterSyncedAt: ago(9) }, 0],
    ['the platform lists nobody', 'teacher', { namesAndRolesUrl: null }, 0],
    [
      'the platform is Canvas, whose own list may do',
      'teacher',
      { namesAndRolesUrl: null, canvasCourseId: '42' },
      1,
    ],
  ])('when %s: %s, %o, %i', async (_when, role, change, jobs) => {
    const { course } = await openCourse(change);
    await requestRosterSync(tool.ctx, { course, role });
    await requestRosterSync(tool.ctx, { course, role });
    expect(await waiting()).toMatchObject(
      Array(jobs).fill({ name: 'sync-roster', course: course.id, asked_by: 'launch' }),
    );
  });

  test('when a check-in opens, once', async () => {
    const { as, addMeeting, courseId } = await openCourse();
    const place = { courseId, meetingId: await addMeeting() };
    const teacher = await as('teacher');
    await openCheckIn(teacher, place);
    await openCheckIn(teacher, place);
    await vi.waitFor(async () => {
      expect(await waiting()).toMatchObject([{ course: courseId, asked_by: 'check-in' }]);
    });
  });

  test.each<[Role, string | undefined]>([
    ['teacher', undefined],
    ['assistant', undefined],
    ['student', 'no-access'],
    ['observer', 'no-access'],
  ])('by the button of a %s, however fresh it is: %s', async (role, code) => {
    const { as, courseId } = await openCourse({ rosterSyncedAt: saturday });
    const asked = requestRosterSyncNow(await as(role), courseId);
    if (code !== undefined) await expect(asked).rejects.toMatchObject({ code });
    else {
      await expect(asked).resolves.toEqual({ kind: 'asked' });
      expect(await waiting()).toMatchObject([{ course: courseId, asked_by: 'teacher' }]);
    }
  });

  test('by nobody of another course', async () => {
    const { courseId } = await openCourse();
    const elsewhere = await (await openCourse()).as('teacher');
    await expect(requestRosterSyncNow(elsewhere, courseId)).rejects.toMatchObject({ code: 'no-access' });
    await expect(requestRosterSyncNow(tool.ctx, courseId)).rejects.toMatchObject({ code: 'not-signed-in' });
    expect(await waiting()).toEqual([]);
  });

  test('not by a button where no list is offered, and that is said', async () => {
    const { as, courseId } = await openCourse({ namesAndRolesUrl: null });
    await expect(requestRosterSyncNow(await as('teacher'), courseId)).resolves.toEqual({
      kind: 'not-offered',
    });
    expect(await waiting()).toEqual([]);
  });
});

describe('the night', () => {
  const day = 24 * 60 * minuteMs;
  const launched = async (change: Partial<typeof courses.$inferInsert> = {}, at = addMs(saturday, -day)) => {
    const opened = await openCourse(change);
    const { membershipId } = await opened.addMember('Lively Teacher', 'teacher');
    await tool.ctx.db.update(memberships).set({ lastLaunchAt: at }).where(eq(memberships.id, membershipId));
    return opened;
  };

  test('has a turn for each lively course, within four hours, and only one', async () => {
    const lively = [await launched(), await launched({ platformState: 'available' })].map(
      (one) => one.courseId,
    );
    await launched({}, addMs(saturday, -29 * day));
    await launched({ platformState: 'completed' });
    await launched({ namesAndRolesUrl: null });
    await openCourse();
    const off = await launched();
    await tool.ctx.db.update(platforms).set({ disabledAt: saturday }).where(eq(platforms.id, off.platformId));
    const pending = await launched();
    await tool.ctx.db
      .update(deployments)
      .set({ approvedAt: null })
      .where(eq(deployments.platformId, pending.platformId));

    expect(await planNight(tool.ctx, () => 0.5)).toBe(2);
    expect(await planNight(tool.ctx, () => 0.9)).toBe(2);
    const jobs = await waiting();
    expect(jobs.map((job) => job.course).sort()).toEqual(lively.sort());
    expect(new Set(jobs.map((job) => job.name))).toEqual(new Set(['sync-roster-at-night']));
    for (const job of jobs) expect(new Date(job.start_after)).toEqual(addMs(saturday, 120 * minuteMs));
  });

  test('passes over a course that somebody has just read', async () => {
    const stale = await openCourse({ rosterSyncedAt: addMs(saturday, -day) });
    const fresh = await openCourse({ rosterSyncedAt: saturday });
    await requestRosterSyncAtNight(tool.ctx, stale.courseId);
    await requestRosterSyncAtNight(tool.ctx, fresh.courseId);
    expect(await waiting()).toMatchObject([
      { name: 'sync-roster', course: stale.courseId, asked_by: 'night' },
    ]);
  });
});

test('a slow platform keeps its own courses waiting, and no others', async () => {
  const done: string[] = [];
  const allowed = new Map<string, () => void>();
  await workOn('sync-roster', async ({ courseId }) => {
    if (courseId === 'slow') await new Promise<void>((go) => allowed.set(courseId, go));
    done.push(courseId);
  });
  for (const courseId of ['slow', 'a', 'b', 'c', 'd']) {
    await addJob('sync-roster', courseId, { courseId, askedBy: 'night' });
  }
  await vi.waitFor(
    () => {
      expect(done.toSorted()).toEqual(['a', 'b', 'c', 'd']);
      expect(allowed.has('slow')).toBe(true);
    },
    { timeout: 10_000, interval: 50 },
  );
  allowed.get('slow')?.();
  await vi.waitFor(() => {
    expect(done).toContain('slow');
  });
});

test('while the queue is away a launch and a check-in go on, and the button says so', async () => {
  await stopQueue();
  const { as, addMeeting, course, courseId } = await openCourse();
  const teacher = await as('teacher');
  await requestRosterSync(teacher, { course, role: 'teacher' });
  await expect(openCheckIn(teacher, { courseId, meetingId: await addMeeting() })).resolves.toHaveProperty(
    'windowId',
  );
  await expect(requestRosterSyncNow(teacher, courseId)).rejects.toMatchObject({ code: 'unavailable' });
});
