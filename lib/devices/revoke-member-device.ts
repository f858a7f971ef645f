import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockDevice, selectStudentPerson, updateDeviceRevoked } from './queries.ts';

/**
 * Whoever takes attendance ends a student's phone: lost, sold, or in somebody else's hands. The student signs in at
 * the next check-in, and may say again that a phone is theirs. A second time changes nothing.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (no student who is enrolled in this
 *   course, or not their phone)
 */
export async function revokeMemberDevice(
  ctx: Ctx,
  { courseId, membershipId, deviceId }: { courseId: string; membershipId: string; deviceId: string },
): Promise<void> {
  await requireMarker(ctx, courseId);
  if (!isId(membershipId) || !isId(deviceId)) throw new AppError('not-found');
  await transaction(ctx, async (tx) => {
    const personId = await selectStudentPerson(tx.db, { courseId, membershipId, now: tx.now });
    const device = personId === undefined ? undefined : await lockDevice(tx.db, { deviceId, personId });
    if (device === undefined) throw new AppError('not-found');
    if (device.revokedAt !== null) return;
    await updateDeviceRevoked(tx.db, device.id, tx.now);
    await insertAuditEvent(tx, {
      courseId,
      action: 'membership.phone-revoked',
      subjectId: membershipId,
      before: { phone: device.name, rememberedAt: device.createdAt.toISOString() },
      after: { phone: null },
    });
  });
}
