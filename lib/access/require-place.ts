import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectPlace } from './queries.ts';
import type { Place } from './queries.ts';
import { isStaff, mayManage, mayMark, maySeeExcuses } from './rules.ts';

export type { Place } from './queries.ts';

/**
 * The viewer's place in this course, read from the database on every request.
 * Throws `not-signed-in`, or `no-access`, which does not tell whether the course exists.
 */
export async function requirePlace(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const place = isId(courseId)
    ? await selectPlace(ctx.db, { personId: ctx.viewer.personId, courseId, now: ctx.now })
    : undefined;
  if (place === undefined) throw new AppError('no-access');
  return place;
}

/** As `requirePlace`, for those who run the course: teachers and assistants. */
export async function requireStaff(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requirePlace(ctx, courseId);
  if (!isStaff(place.role)) throw new AppError('no-access');
  return place;
}

/**
 * As `requireStaff`, for taking attendance: planning meetings, opening check-ins, marking. Assistants as the course's
 * policy says; where it does not, `not-for-assistants`.
 */
export async function requireMarker(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requireStaff(ctx, courseId);
  if (!mayMark(place.role, place.course.policy)) throw new AppError('not-for-assistants');
  return place;
}

/** As `requireStaff`, for what a course's settings and its list of members are. */
export async function requireManager(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requireStaff(ctx, courseId);
  if (!mayManage(place.role, place.course.policy)) throw new AppError('not-for-assistants');
  return place;
}

/**
 * As `requireStaff`, for excuses and their documents. Assistants as the course's policy says; where it does not,
 * `not-for-assistants`.
 */
export async function requireExcuseViewer(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requireStaff(ctx, courseId);
  if (!maySeeExcuses(place.role, place.course.policy)) throw new AppError('not-for-assistants');
  return place;
}

/** As `requireStaff`, for what a course leaves to no assistant. */
export async function requireTeacher(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requireStaff(ctx, courseId);
  if (place.role !== 'teacher') throw new AppError('not-for-assistants');
  return place;
}

/** As `requirePlace`, for students themselves (Student View's test user among them: see `isTestUser`). */
export async function requireStudent(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<Place> {
  const place = await requirePlace(ctx, courseId);
  if (place.role !== 'student') throw new AppError('no-access');
  return place;
}
