import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publishMeetings } from '../live/notices.ts';
import { lockMeetings, updateMeetingsState } from './queries.ts';

/**
 * Takes place after all. Meetings of another course, and those that are not cancelled, stay as they are.
 *
 * @returns those that are planned again
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function reactivateMeetings(
  ctx: Ctx,
  { courseId, meetingIds }: { courseId: string; meetingIds: readonly string[] },
): Promise<{ meetingIds: string[] }> {
  await requireMarker(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const meetings = await lockMeetings(tx.db, courseId, meetingIds.filter(isId));
    const cancelled = meetings.filter(({ state }) => state === 'cancelled').map(({ id }) => id);
    if (cancelled.length === 0) return { meetingIds: [] };
    await updateMeetingsState(tx.db, cancelled, 'planned');
    await insertAuditEvents(
      tx,
      cancelled.map((subjectId) => ({
        courseId,
        action: 'meeting.reactivated',
        subjectId,
        before: { state: 'cancelled' },
        after: { state: 'planned' },
      })),
    );
    await publishMeetings(tx, cancelled);
    return { meetingIds: cancelled };
  });
}
