import { AppError } from '../base/errors.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { selectPolicy } from './queries.ts';

/**
 * How a course counts at this moment. Within a transaction that has locked a meeting, this is the policy that its
 * records are judged by: whoever changes the policy locks the meetings first.
 *
 * @throws AppError `not-found`
 */
export async function findPolicy(ctx: Pick<Ctx, 'db'>, courseId: string): Promise<CoursePolicy> {
  const policy = await selectPolicy(ctx.db, courseId);
  if (policy === undefined) throw new AppError('not-found');
  return policy;
}
