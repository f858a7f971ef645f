import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { findCourseOnPlatform } from '../courses/find-course.ts';
import type { CourseOnPlatform } from '../courses/find-course.ts';

/** @throws AppError `not-found` */
export async function requireCourse(ctx: Pick<Ctx, 'db'>, courseId: string): Promise<CourseOnPlatform> {
  const found = await findCourseOnPlatform(ctx, courseId);
  if (found === undefined) throw new AppError('not-found');
  return found;
}
