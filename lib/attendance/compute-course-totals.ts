import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { selectMeetingsToCount, selectMembersToCount } from './queries.ts';
import { computeTotals, rateTotals } from './rules.ts';
import type { MemberTotals } from './rules.ts';

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
    members.map((member) => [
      member.membershipId,
      rateTotals(computeTotals(meetings, member, policy, ctx.now), policy),
    ]),
  );
}
