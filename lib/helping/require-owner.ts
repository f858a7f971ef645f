import { requireStudent } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';

/**
 * The viewer as somebody with a code of their own: a student of this course. Student View's invented student has none.
 *
 * @returns the person's id
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function requireOwner(ctx: Ctx, courseId: string): Promise<string> {
  const { isTestUser, personId } = await requireStudent(ctx, courseId);
  if (isTestUser) throw new AppError('no-access');
  return personId;
}
