import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { lockMeeting, selectUnclosedWindow, updateWindowClosed } from './queries.ts';

/**
 * Ends the check-in now. Codes seen before still count, however long their sign-in takes. Closing what is
 * closed changes nothing.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function closeCheckIn(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<void> {
  await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  await transaction(ctx, async (tx) => {
    if ((await lockMeeting(tx.db, courseId, meetingId)) === undefined) throw new AppError('not-found');
    const window = await selectUnclosedWindow(tx.db, courseId, meetingId);
    if (window === undefined) return;
    const closedAt = tx.now < window.closesAt ? tx.now : window.closesAt;
    await updateWindowClosed(tx.db, window.id, closedAt);
    await insertAuditEvent(tx, {
      courseId,
      action: 'check-in.closed',
      subjectId: meetingId,
      after: { windowId: window.id, closedAt },
    });
    await publish(tx, { kind: 'window', meetingId, window: null });
  });
}
