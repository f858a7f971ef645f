import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createUnplannedMeeting } from '../meetings/create-unplanned-meeting.ts';
import { openCheckIn } from './open-check-in.ts';

/**
 * A meeting from now on, with its check-in open at once: for a class that nobody planned.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function startUnplannedCheckIn(
  ctx: Ctx,
  { courseId }: { courseId: string },
): Promise<{ meetingId: string }> {
  return transaction(ctx, async (tx) => {
    const { meetingId } = await createUnplannedMeeting(tx, courseId);
    await openCheckIn(tx, { courseId, meetingId });
    return { meetingId };
  });
}
