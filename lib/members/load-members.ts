import { requireStaff } from '../access/require-place.ts';
import { byGermanName } from '../base/by-german-name.ts';
import { mayManage } from '../access/rules.ts';
import type { Ctx } from '../context.ts';
import {
  selectConflicts,
  selectConflictSides,
  selectMemberRows,
  selectPlatformName,
  selectSpansOfCourse,
} from './queries.ts';
import type { ConflictSide, MemberRow, SpanRow } from './queries.ts';
import { isCurrent, isTakenAway } from './rules.ts';

export interface MemberView extends Omit<MemberRow, 'listedBy'> {
  /** The sections that they are in now, else those that they were in last. */
  sections: string[];
  /** Null: with the course. */
  since: Date | null;
  /** When they left; null: they are enrolled. */
  leftAt: Date | null;
  /** How we know that they belong here: the platform's list, or their own launch. */
  source: 'list' | 'launch';
}

/** Two rows that may be one human. `keeps` bears the platform's number, and is the one that would stay. */
export interface ConflictView {
  id: string;
  asks: ConflictSide;
  keeps: ConflictSide;
}

export interface MembersView {
  members: MemberView[];
  conflicts: ConflictView[];
  platformName: string;
  timeZone: string;
  /** Whether the viewer may decide who belongs here since when. */
  mayManage: boolean;
}

/**
 * Everybody who belongs or belonged to a course, by family name the German way; Student View's test user is nobody.
 * For teachers and assistants.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadMembers(ctx: Ctx, courseId: string): Promise<MembersView> {
  const { role, course } = await requireStaff(ctx, courseId);
  const [rows, spans, open, platformName] = await Promise.all([
    selectMemberRows(ctx.db, courseId),
    selectSpansOfCourse(ctx.db, courseId),
    selectConflicts(ctx.db, courseId),
    selectPlatformName(ctx.db, courseId),
  ]);
  const sides = await selectConflictSides(
    ctx.db,
    courseId,
    open.flatMap(({ personId, otherPersonId }) => [personId, otherPersonId]),
    ctx.now,
  );
  const spansOf = Map.groupBy(spans, (span) => span.membershipId);
  return {
    members: rows
      .map((row) => viewOfMember(row, spansOf.get(row.membershipId) ?? [], ctx.now))
      .sort((a, b) => byGermanName.compare(a.name, b.name)),
    conflicts: open.flatMap(({ id, personId, otherPersonId }) => {
      const asks = sides.find((side) => side.personId === personId);
      const keeps = sides.find((side) => side.personId === otherPersonId);
      return asks === undefined || keeps === undefined ? [] : [{ id, asks, keeps }];
    }),
    platformName,
    timeZone: course.timeZone,
    mayManage: mayManage(role, course.policy),
  };
}

/** One member with what their spans say at this moment. */
export function viewOfMember(
  { listedBy, ...row }: MemberRow,
  allSpans: readonly SpanRow[],
  now: Date,
): MemberView {
  const spans = allSpans.filter((span) => !isTakenAway(span));
  const current = spans.filter((span) => isCurrent(span, now));
  const ends = spans.flatMap(({ endsAt }) => endsAt ?? []).sort((a, b) => a.getTime() - b.getTime());
  const leftAt = current.length > 0 ? null : (ends.at(-1) ?? now);
  const last = current.length > 0 ? current : spans.filter(({ endsAt }) => Number(endsAt) === Number(leftAt));
  return {
    ...row,
    sections: [...new Set(last.flatMap(({ sectionName }) => sectionName ?? []))],
    since: spans[0]?.startsAt ?? null,
    leftAt,
    source: listedBy === null ? 'launch' : 'list',
  };
}
