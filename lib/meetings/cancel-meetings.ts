import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockMeetingsInScope } from './lock-meetings-in-scope.ts';
import type { MeetingChoice } from './lock-meetings-in-scope.ts';
import { publishMeetings } from '../live/notices.ts';
import { closeWindowsOf, updateMeetingsState } from './queries.ts';

/**
 * Calls meetings off: they count nowhere, their records stay, an open check-in is closed. Cancelling what is cancelled
 * changes nothing.
 *
 * @returns those that were cancelled by it, for `reactivateMeetings` to take it back
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function cancelMeetings(ctx: Ctx, choice: MeetingChoice): Promise<{ meetingIds: string[] }> {
  const { courseId } = choice;
  await requireMarker(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const meetings = await lockMeetingsInScope(tx, choice);
    const meetingIds = meetings.filter(({ state }) => state === 'planned').map(({ id }) => id);
    if (meetingIds.length === 0) return { meetingIds };
    await updateMeetingsState(tx.db, meetingIds, 'cancelled');
    const closed = await closeWindowsOf(tx.db, meetingIds, tx.now);
    await insertAuditEvents(tx, [
      ...meetingIds.map((subjectId) => ({
        courseId,
        action: 'meeting.cancelled',
        subjectId,
        before: { state: 'planned' },
        after: { state: 'cancelled' },
      })),
      ...closed.map(({ id, meetingId, direction, closedAt }) => ({
        courseId,
        action: 'check-in.closed',
        subjectId: meetingId,
        after: { windowId: id, direction, closedAt },
      })),
    ]);
    await publishMeetings(tx, meetingIds);
    return { meetingIds };
  });
}
