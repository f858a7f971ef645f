import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { hasSections } from './has-sections.ts';
import { insertMeetings } from './queries.ts';
import { readMeeting } from './read-meeting.ts';
import type { MeetingProblems } from './rules.ts';

export type CreatedMeeting =
  { kind: 'saved'; meetingId: string } | { kind: 'invalid'; problems: MeetingProblems };

/**
 * Plans a meeting at wall-clock times in the course's zone.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function createMeeting(
  ctx: Ctx,
  { courseId, ...input }: { courseId: string } & Record<string, unknown>,
): Promise<CreatedMeeting> {
  const { course } = await requireMarker(ctx, courseId);
  const read = readMeeting(input, course.timeZone);
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  if (!(await hasSections(ctx, courseId, read.meeting.sectionIds))) {
    return { kind: 'invalid', problems: { sectionIds: 'meeting.problem.sections' } };
  }
  const meeting = { id: newId(), courseId, timeZone: course.timeZone, ...read.meeting };
  await transaction(ctx, async (tx) => {
    await insertMeetings(tx.db, [meeting]);
    await insertAuditEvent(tx, {
      courseId,
      action: 'meeting.created',
      subjectId: meeting.id,
      after: read.meeting,
    });
  });
  return { kind: 'saved', meetingId: meeting.id };
}
