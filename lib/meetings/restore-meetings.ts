import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { deletedMeeting } from './input.ts';
import { insertMeetingsAgain, selectDeletedMeetings } from './queries.ts';

/**
 * Takes a deletion back: the meetings stand there as they did, by what the audit kept of them. What was never deleted,
 * stands there already or has been erased from the audit is left out.
 *
 * @returns those that are there again
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function restoreMeetings(
  ctx: Ctx,
  { courseId, meetingIds }: { courseId: string; meetingIds: readonly string[] },
): Promise<{ meetingIds: string[] }> {
  await requireMarker(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const kept = await selectDeletedMeetings(tx.db, courseId, meetingIds.filter(isId));
    const meetings = kept.flatMap((before) => {
      const read = deletedMeeting.safeParse(before);
      return read.success ? [read.data] : [];
    });
    if (meetings.length === 0) return { meetingIds: [] };
    const restored = new Set(await insertMeetingsAgain(tx.db, meetings));
    await insertAuditEvents(
      tx,
      meetings
        .filter(({ id }) => restored.has(id))
        .map((after) => ({ courseId, action: 'meeting.restored', subjectId: after.id, after })),
    );
    return { meetingIds: [...restored] };
  });
}
