import { requireManager } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { extraMinutesInput } from './input.ts';
import { lockMembership, updateExtraMinutes } from './queries.ts';

/**
 * Gives a student more time at the check-in: so many minutes longer its codes and windows are taken from them. It
 * changes no record.
 *
 * @param given `minutes` from 0 (as everybody) to 15
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (no student of this course),
 *   `invalid-input`
 */
export async function setExtraMinutes(
  ctx: Ctx,
  given: { courseId: string; membershipId: string; minutes: unknown },
): Promise<void> {
  const { courseId, membershipId } = given;
  await requireManager(ctx, courseId);
  const parsed = extraMinutesInput.safeParse(given.minutes);
  if (!parsed.success) throw new AppError('invalid-input');
  const extraMinutes = parsed.data;
  await transaction(ctx, async (tx) => {
    const member = isId(membershipId) ? await lockMembership(tx.db, courseId, membershipId) : undefined;
    if (member === undefined || member.isTestUser || member.role !== 'student') {
      throw new AppError('not-found');
    }
    if (member.extraMinutes === extraMinutes) return;
    await updateExtraMinutes(tx.db, membershipId, extraMinutes);
    await insertAuditEvent(tx, {
      courseId,
      action: 'membership.extra-time-set',
      subjectId: membershipId,
      before: { extraMinutes: member.extraMinutes },
      after: { extraMinutes },
    });
  });
}
