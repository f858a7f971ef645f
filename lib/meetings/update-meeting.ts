import { requireMarker } from '../access/require-place.ts';
import { recomputeRecords } from '../attendance/recompute-records.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import type { SavedMeeting } from './create-meeting.ts';
import { selectMeeting, updateMeetingRow } from './queries.ts';
import { readMeeting } from './read-meeting.ts';
import { crossesMidnight } from './rules.ts';

/**
 * Changes a meeting. Who saw an older revision changes nothing and hears `conflict`. The meeting keeps the
 * zone that it was planned in; check-ins are judged by its new times. One that
 * crosses midnight already may go on doing so.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function updateMeeting(
  ctx: Ctx,
  {
    courseId,
    meetingId,
    revision,
    ...input
  }: { courseId: string; meetingId: string; revision: number } & Record<string, unknown>,
): Promise<SavedMeeting> {
  await requireMarker(ctx, courseId);
  const before = isId(meetingId) ? await selectMeeting(ctx.db, courseId, meetingId) : undefined;
  if (before === undefined) throw new AppError('not-found');
  const read = readMeeting(input, before.timeZone, { mayCrossMidnight: crossesMidnight(before) });
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  return transaction(ctx, async (tx) => {
    const saved = await updateMeetingRow(tx.db, { courseId, meetingId, revision }, read.meeting);
    if (saved === undefined) return { kind: 'conflict' as const };
    const { title, room, breakMinutes, localStart, localEnd, startsAt, endsAt } = before;
    await insertAuditEvent(tx, {
      courseId,
      action: 'meeting.updated',
      subjectId: meetingId,
      before: { title, room, breakMinutes, localStart, localEnd, startsAt, endsAt },
      after: read.meeting,
    });
    await recomputeRecords(tx, saved);
    await publish(tx, { kind: 'reload', meetingId });
    return { kind: 'saved' as const, meetingId };
  });
}
