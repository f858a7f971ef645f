import type { CoursePolicy } from '../base/course-policy.ts';
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
 * The figures of a course's students, by membership; two queries, however many members and meetings there are. Called
 * by use cases that have checked access, and by jobs.
 *
 * @param membershipId this one alone
 */
export async function computeCourseTotals(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { courseId, policy, membershipId }: { courseId: string; policy: CoursePolicy; membershipId?: string },
): Promise<Map<string, MemberTotals>> {
  const [meetings, members] = await Promise.all([
    selectMeetingsToCount(ctx.db, courseId),
    selectMembersToCount(ctx.db, courseId, membershipId),
  ]);
  return new Map(
    members.map((member) => {
      const { meetings: _rows, ...totals } = computeTotals(meetings, member, policy, ctx.now);
      const rate = rateOf(totals, policy);
      return [member.membershipId, { ...totals, rate, standing: standingOf(rate, policy) }];
    }),
  );
}
