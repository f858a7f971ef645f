import { requireStaff } from '../access/require-place.ts';
import { isStaff } from '../access/rules.ts';
import { env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { errorFacts } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import type { Role } from '../db/schema.ts';
import { addJob } from '../jobs/queue.ts';
import { canvasApiFor, canvasApiOf } from './canvas-api.ts';
import { requireCourse } from './require-course.ts';
import { isFresh } from './rules.ts';

/** What a use case knows of a course that may need its roster. */
export interface CourseToSync {
  id: string;
  namesAndRolesUrl: string | null;
  canvasCourseId: string | null;
  rosterSyncedAt: Date | null;
}

/**
 * Asks for the roster in the background when a teacher or assistant launches and the last complete one is
 * older than ten minutes. A launch never waits for it, nor fails with it.
 */
export async function requestRosterSync(
  ctx: Pick<Ctx, 'now' | 'log'>,
  { course, role }: { course: CourseToSync; role: Role },
): Promise<void> {
  if (isStaff(role)) await askQuietly(ctx, course, 'launch');
}

/**
 * The same when a check-in opens, so that whoever was added this morning is expected. Not to be waited for: it never
 * fails, but a queue whose database is away can keep it.
 */
export async function requestRosterSyncForCheckIn(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  courseId: string,
): Promise<void> {
  try {
    const { course } = await requireCourse(ctx, courseId);
    await askQuietly(ctx, course, 'check-in');
  } catch (error) {
    ctx.log.warn({ courseId, ...errorFacts(error) }, 'a roster sync could not be asked for');
  }
}

export type SyncRequest = { kind: 'asked' } | { kind: 'not-offered' };

/**
 * Asks for the roster now, however fresh the last one is. Answers when the job waits in the queue; one that waits or
 * runs already does for both. For teachers and assistants.
 *
 * @throws AppError `not-signed-in`, `no-access`, `unavailable` (the queue has no database for now)
 */
export async function requestRosterSyncNow(ctx: Ctx, courseId: string): Promise<SyncRequest> {
  await requireStaff(ctx, courseId);
  const found = await requireCourse(ctx, courseId);
  if (found.course.namesAndRolesUrl === null && canvasApiFor(canvasApiOf(env()), found) === undefined) {
    return { kind: 'not-offered' };
  }
  try {
    await addJob('sync-roster', courseId, { courseId, askedBy: 'teacher' });
  } catch (error) {
    throw new AppError('unavailable', {}, { cause: error });
  }
  return { kind: 'asked' };
}

/** Asks for the roster of a course whose turn in the night has come, unless somebody was faster. */
export async function requestRosterSyncAtNight(
  ctx: Pick<Ctx, 'db' | 'now'>,
  courseId: string,
): Promise<void> {
  const { course } = await requireCourse(ctx, courseId);
  if (isFresh(course.rosterSyncedAt, ctx.now)) return;
  await addJob('sync-roster', courseId, { courseId, askedBy: 'night' });
}

async function askQuietly(
  ctx: Pick<Ctx, 'now' | 'log'>,
  course: CourseToSync,
  askedBy: 'launch' | 'check-in',
): Promise<void> {
  const isOffered = course.namesAndRolesUrl !== null || course.canvasCourseId !== null;
  if (!isOffered || isFresh(course.rosterSyncedAt, ctx.now)) return;
  try {
    await addJob('sync-roster', course.id, { courseId: course.id, askedBy });
  } catch (error) {
    ctx.log.warn({ courseId: course.id, ...errorFacts(error) }, 'a roster sync could not be asked for');
  }
}
