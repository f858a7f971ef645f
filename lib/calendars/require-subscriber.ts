import { requirePlace } from '../access/require-place.ts';
import { isStaff } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';

/**
 * The viewer as somebody with a calendar of their own: those who run the course and its students. Student View's
 * invented student has none.
 *
 * @returns the person's id
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function requireSubscriber(ctx: Ctx, courseId: string): Promise<string> {
  const { role, isTestUser, personId } = await requirePlace(ctx, courseId);
  if (isTestUser || !(isStaff(role) || role === 'student')) throw new AppError('no-access');
  return personId;
}
