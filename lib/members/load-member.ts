import { requireStaff } from '../access/require-place.ts';
import { mayManage } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { viewOfMember } from './load-members.ts';
import type { MemberView } from './load-members.ts';
import { selectMemberRows, selectPlatformName, selectSections, selectSpans } from './queries.ts';
import { daysOfSpan, isTakenAway, versionOfSpans } from './rules.ts';
import type { SpanDays } from './rules.ts';

/** A span by the days that it covers, in the course's zone. */
export interface SpanView extends SpanDays {
  id: string;
  sectionId: string | null;
  sectionName: string | null;
  source: 'platform' | 'teacher';
}

export interface OneMemberView {
  member: MemberView;
  spans: SpanView[];
  /** What an edit of the spans has to name, see `changeSpans`. */
  version: string;
  /** The course's sections, to choose from. */
  sections: { id: string; name: string }[];
  platformName: string;
  timeZone: string;
  /** Whether the viewer may edit spans and more time: of students alone, whose attendance they decide about. */
  mayEdit: boolean;
}

/**
 * One member with their spans. For teachers and assistants.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found` (no member of this course, or the test user)
 */
export async function loadMember(
  ctx: Ctx,
  { courseId, membershipId }: { courseId: string; membershipId: string },
): Promise<OneMemberView> {
  const { role, course } = await requireStaff(ctx, courseId);
  if (!isId(membershipId)) throw new AppError('not-found');
  const [[row], spans, sections, platformName] = await Promise.all([
    selectMemberRows(ctx.db, courseId, membershipId),
    selectSpans(ctx.db, [membershipId]),
    selectSections(ctx.db, courseId),
    selectPlatformName(ctx.db, courseId),
  ]);
  if (row === undefined) throw new AppError('not-found');
  const shown = spans.filter((span) => !isTakenAway(span));
  return {
    member: viewOfMember(row, spans, ctx.now),
    spans: shown.map((span) => ({
      id: span.id,
      sectionId: span.sectionId,
      sectionName: span.sectionName,
      source: span.source,
      ...daysOfSpan(span, course.timeZone),
    })),
    version: versionOfSpans(shown),
    sections,
    platformName,
    timeZone: course.timeZone,
    mayEdit: row.role === 'student' && mayManage(role, course.policy),
  };
}
