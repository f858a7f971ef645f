import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { insertMeetings } from './queries.ts';
import { decideUnplannedTimes } from './rules.ts';

/**
 * A meeting of 90 minutes from now on; a teacher can change it afterwards.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function createUnplannedMeeting(ctx: Ctx, courseId: string): Promise<{ meetingId: string }> {
  const { course } = await requireMarker(ctx, courseId);
  const times = decideUnplannedTimes(ctx.now, course.timeZone);
  const meetingId = newId();
  await transaction(ctx, async (tx) => {
    await insertMeetings(tx.db, [{ id: meetingId, courseId, timeZone: course.timeZone, ...times }]);
    await insertAuditEvent(tx, { courseId, action: 'meeting.created', subjectId: meetingId, after: times });
  });
  return { meetingId };
}
