import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { localOfInstant } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createMeeting } from '../meetings/create-meeting.ts';
import { openCheckIn } from './open-check-in.ts';
import { unplannedTimes } from './rules.ts';

/**
 * A meeting from now on, with its check-in open at once: for a class that nobody planned.
 *
 * @throws AppError `not-signed-in`, `no-access`, `conflict`
 */
export async function startUnplannedCheckIn(
  ctx: Ctx,
  { courseId }: { courseId: string },
): Promise<{ meetingId: string }> {
  const { course } = await requireStaff(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const created = await createMeeting(tx, {
      courseId,
      title: null,
      ...unplannedTimes(localOfInstant(tx.now, course.timeZone)),
      breakMinutes: 0,
      room: null,
    });
    if (created.kind !== 'saved') throw new AppError('conflict', { reason: 'unplanned meeting' });
    await openCheckIn(tx, { courseId, meetingId: created.meetingId });
    return { meetingId: created.meetingId };
  });
}
