import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectMeetingsToCount, selectMembersToCount } from './queries.ts';
import type { MeetingToTake } from './queries.ts';
import { computeTotals, isExpectedAt, rateOf, standingOf } from './rules.ts';
import type { CountedMeeting, MeetingToCount, RecordToCount } from './rules.ts';
import type { MemberTotals } from './load-course-totals.ts';

/** One meeting as it stands for a member. */
export interface MemberMeeting {
  meeting: MeetingToTake & MeetingToCount;
  record: RecordToCount | null;
  /** What it contributes to the figures; null: nothing (not due, not mandatory, cancelled, not held or not taken yet). */
  counted: CountedMeeting | null;
}

export interface MemberAttendance {
  totals: MemberTotals;
  /** What the member was due at or has a record of, by start: the rows that the figures come from are among them. */
  meetings: MemberMeeting[];
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
  const { meetings: rows, ...totals } = computeTotals(meetings, member, course.policy, ctx.now);
  const rate = rateOf(totals, course.policy);
  const counted = new Map(rows.map((row) => [row.meetingId, row]));
  const records = new Map(member.records.map((record) => [record.meetingId, record]));
  return {
    totals: { ...totals, rate, standing: standingOf(rate, course.policy) },
    meetings: meetings
      .map((meeting) => ({
        meeting,
        record: records.get(meeting.id) ?? null,
        counted: counted.get(meeting.id) ?? null,
      }))
      .filter(
        ({ meeting, record, counted }) =>
          record !== null || counted !== null || isExpectedAt(meeting, member.spans),
      ),
  };
}
