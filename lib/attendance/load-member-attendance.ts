import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { joinMeetings } from './member-meetings.ts';
import type { MemberMeeting } from './member-meetings.ts';
import { selectMeetingsToCount, selectMembersToCount } from './queries.ts';
import type { MeetingToTake } from './queries.ts';
import { computeTotals, isExpectedAt, rateTotals } from './rules.ts';
import type { MeetingToCount, MemberTotals } from './rules.ts';

export interface MemberAttendance {
  totals: MemberTotals;
  /** What the member was due at or has a record of, by start: the rows that the figures come from are among them. */
  meetings: MemberMeeting<MeetingToTake & MeetingToCount>[];
}

/**
 * One student's figures with the rows that they come from.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found` (no student of this course)
 */
export async function loadMemberAttendance(
  ctx: Ctx,
  { courseId, membershipId }: { courseId: string; membershipId: string },
): Promise<MemberAttendance> {
  const { course } = await requireStaff(ctx, courseId);
  if (!isId(membershipId)) throw new AppError('not-found');
  const [meetings, [member]] = await Promise.all([
    selectMeetingsToCount(ctx.db, courseId),
    selectMembersToCount(ctx.db, courseId, membershipId),
  ]);
  if (member === undefined) throw new AppError('not-found');
  const totals = computeTotals(meetings, member, course.policy, ctx.now);
  return {
    totals: rateTotals(totals, course.policy),
    meetings: joinMeetings(meetings, member.records, totals.meetings).filter(
      ({ meeting, record, counted }) =>
        record !== null || counted !== null || isExpectedAt(meeting, member.spans),
    ),
  };
}
