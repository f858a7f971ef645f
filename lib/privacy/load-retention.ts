import { findRetention } from '../access/find-retention.ts';
import { requireStaff } from '../access/require-place.ts';
import type { RetentionPolicy } from '../base/retention-policy.ts';
import type { Ctx } from '../context.ts';

/**
 * How long the course's institution keeps what. For those who run the course.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadRetention(ctx: Ctx, courseId: string): Promise<RetentionPolicy> {
  const { course } = await requireStaff(ctx, courseId);
  return findRetention(ctx, course.id);
}
