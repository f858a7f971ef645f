import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectPlace } from './queries.ts';
import type { Place } from './queries.ts';
import { isStaff } from './rules.ts';

export type { Place } from './queries.ts';

/**
 * The viewer's place in this course, read from the database on every request.
 * Throws `not-signed-in`, or `no-access`, which does not tell whether the course exists.
 */
export async function requirePlace(ctx: Pick<Ctx, 'db' | 'viewer'>, courseId: string): Promise<Place> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const place = isId(courseId) ? await selectPlace(ctx.db, ctx.viewer.personId, courseId) : undefined;
  if (place === undefined) throw new AppError('no-access');
  return place;
}

/** As `requirePlace`, for those who run the course: teachers and assistants. */
export async function requireStaff(ctx: Pick<Ctx, 'db' | 'viewer'>, courseId: string): Promise<Place> {
  const place = await requirePlace(ctx, courseId);
  if (!isStaff(place.role)) throw new AppError('no-access');
  return place;
}

/** As `requirePlace`, for students themselves (Student View's test user among them: see `isTestUser`). */
export async function requireStudent(ctx: Pick<Ctx, 'db' | 'viewer'>, courseId: string): Promise<Place> {
  const place = await requirePlace(ctx, courseId);
  if (place.role !== 'student') throw new AppError('no-access');
  return place;
}
