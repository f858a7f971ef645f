import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockMeetingsInScope } from './lock-meetings-in-scope.ts';
import type { MeetingChoice } from './lock-meetings-in-scope.ts';
import { publishMeetings } from '../live/notices.ts';
import { deleteMeetingRows, selectMeetingsInUse } from './queries.ts';

/**
 * Deletes meetings that hold nothing. Those with records or check-ins stay; they can be cancelled instead.
 *
 * @returns those that are gone, for `restoreMeetings` to take it back, and how many stay
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function deleteMeetings(
  ctx: Ctx,
  choice: MeetingChoice,
): Promise<{ meetingIds: string[]; kept: number }> {
  const { courseId } = choice;
  await requireMarker(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const meetings = await lockMeetingsInScope(tx, choice);
    const inUse = new Set(
      await selectMeetingsInUse(
        tx.db,
        meetings.map(({ id }) => id),
      ),
    );
    const gone = meetings.filter(({ id }) => !inUse.has(id));
    const meetingIds = gone.map(({ id }) => id);
    if (meetingIds.length > 0) {
      await deleteMeetingRows(tx.db, meetingIds);
      await insertAuditEvents(
        tx,
        gone.map(({ createdAt: _, ...before }) => ({
          courseId,
          action: 'meeting.deleted',
          subjectId: before.id,
          before,
        })),
      );
      await publishMeetings(tx, meetingIds);
    }
    return { meetingIds, kept: inUse.size };
  });
}
