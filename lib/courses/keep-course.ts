import { isTimeZone } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { upsertCourse } from './queries.ts';
import type { Course, SeenCourse } from './queries.ts';

export type { Course } from './queries.ts';

/** What a verified launch says of its course. */
export interface LaunchedCourse extends Omit<SeenCourse, 'timeZone' | 'timeZoneSource'> {
  /** The teacher's zone, if a teacher launched and the platform told it. Never a student's. */
  teacherTimeZone: string | undefined;
}

/** Keeps the course of a launch: the caller has verified the launch. */
export function keepCourse(
  ctx: Pick<Ctx, 'db'>,
  { teacherTimeZone, ...course }: LaunchedCourse,
  defaultTimeZone: string,
): Promise<Course> {
  const usable = teacherTimeZone !== undefined && isTimeZone(teacherTimeZone);
  return upsertCourse(ctx.db, {
    ...course,
    timeZone: usable ? teacherTimeZone : defaultTimeZone,
    timeZoneSource: usable ? 'teacher-launch' : 'default',
  });
}
