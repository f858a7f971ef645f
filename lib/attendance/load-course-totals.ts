import { requireStaff } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { computeCourseTotals } from './compute-course-totals.ts';
import type { MemberTotals } from './rules.ts';

/**
 * The figures of every student of a course, by membership; two queries, however many members and meetings there are.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadCourseTotals(ctx: Ctx, courseId: string): Promise<Map<string, MemberTotals>> {
  const { course } = await requireStaff(ctx, courseId);
  return computeCourseTotals(ctx, { courseId, policy: course.policy });
}
