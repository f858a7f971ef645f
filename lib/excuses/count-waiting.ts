import { requireStaff } from '../access/require-place.ts';
import { maySeeExcuses } from '../access/rules.ts';
import type { Ctx } from '../context.ts';
import { countExcusesWaiting } from './queries.ts';

/**
 * How many excuses wait for a decision, for the navigation.
 *
 * @returns undefined: the viewer may not see excuses
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function countWaitingExcuses(ctx: Ctx, courseId: string): Promise<number | undefined> {
  const { role, course } = await requireStaff(ctx, courseId);
  return maySeeExcuses(role, course.policy) ? countExcusesWaiting(ctx.db, courseId) : undefined;
}
