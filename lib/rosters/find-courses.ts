import type { Ctx } from '../context.ts';
import { selectCoursesCalled, selectSyncableCourses } from './queries.ts';
import type { SyncableCourse } from './queries.ts';

export type { SyncableCourse } from './queries.ts';

/** Courses whose roster can be read, for the operator. */
export function listSyncableCourses(ctx: Pick<Ctx, 'db'>): Promise<SyncableCourse[]> {
  return selectSyncableCourses(ctx.db);
}

export type NamedCourse =
  | { kind: 'found'; course: SyncableCourse }
  | { kind: 'unknown' }
  /** Several deployments have a course of this name. */
  | { kind: 'ambiguous'; ids: string[] };

/** The course that an operator means: by our id, or as its platform names or numbers it. */
export async function findCourseCalled(ctx: Pick<Ctx, 'db'>, called: string): Promise<NamedCourse> {
  const [course, ...others] = await selectCoursesCalled(ctx.db, called);
  if (course === undefined) return { kind: 'unknown' };
  if (others.length === 0) return { kind: 'found', course };
  return { kind: 'ambiguous', ids: [course, ...others].map(({ id }) => id) };
}
