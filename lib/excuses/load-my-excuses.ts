import { requireStudent } from '../access/require-place.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { selectExcusesOfMember } from './queries.ts';
import { viewExcuses } from './view-excuses.ts';
import type { ExcuseView } from './view-excuses.ts';

export interface MyExcusesView {
  course: { id: string; title: string; timeZone: string };
  isTestUser: boolean;
  /** The newest first. */
  excuses: ExcuseView[];
  maxFileBytes: number;
}

/**
 * A student's own excuses. Nobody else's are read.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadMyExcuses(ctx: Ctx, courseId: string): Promise<MyExcusesView> {
  const { course, membershipId, isTestUser } = await requireStudent(ctx, courseId);
  const rows = await selectExcusesOfMember(ctx.db, membershipId);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    isTestUser,
    excuses: await viewExcuses(ctx, rows),
    maxFileBytes: env().MAX_FILE_SIZE,
  };
}
