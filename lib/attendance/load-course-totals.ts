import { requireStaff } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { selectMeetingsToCount, selectMembersToCount } from './queries.ts';
import { computeTotals, rateOf, standingOf } from './rules.ts';
import type { Rate } from './rules.ts';

export interface MemberTotals {
  expectedMinutes: number;
  countedMinutes: number;
  expectedMeetings: number;
  attendedMeetings: number;
  /** By minutes or by meetings, as the course's policy says; null before anything was expected. */
  rate: Rate | null;
  standing: ReturnType<typeof standingOf>;
}

/**
 * The figures of every student of a course, by membership; two queries, however many members and meetings there are.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadCourseTotals(ctx: Ctx, courseId: string): Promise<Map<string, MemberTotals>> {
  const { course } = await requireStaff(ctx, courseId);
  const [meetings, members] = await Promise.all([
    selectMeetingsToCount(ctx.db, courseId),
    selectMembersToCount(ctx.db, courseId),
  ]);
  return new Map(
    members.map((member) => {
      const { meetings: _rows, ...totals } = computeTotals(meetings, member, course.policy, ctx.now);
      const rate = rateOf(totals, course.policy);
      return [member.membershipId, { ...totals, rate, standing: standingOf(rate, course.policy) }];
    }),
  );
}
