import type { Ctx } from '../context.ts';
import { selectCourseOnPlatform } from './queries.ts';
import type { CourseOnPlatform } from './queries.ts';

export type { CourseOnPlatform } from './queries.ts';

/** A course with the deployment and platform that it lives on, for background work: nobody's view. */
export function findCourseOnPlatform(
  ctx: Pick<Ctx, 'db'>,
  courseId: string,
): Promise<CourseOnPlatform | undefined> {
  return selectCourseOnPlatform(ctx.db, courseId);
}
