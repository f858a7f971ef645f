import { findRetention } from '../access/find-retention.ts';
import { requirePlace } from '../access/require-place.ts';
import type { RetentionPolicy } from '../base/retention-policy.ts';
import type { Ctx } from '../context.ts';
import type { Role } from '../db/schema.ts';
import { selectHuman, selectKeptCounts, selectLinksOf } from './queries.ts';
import type { KeptCounts } from './queries.ts';

export interface MyData {
  /** What the download asks for, so that another person who signs in meanwhile is not given theirs by surprise. */
  personId: string;
  role: Role;
  isTestUser: boolean;
  /** Assistants see excuses in this course. */
  assistantsSeeExcuses: boolean;
  /** They run this course, and are or were a student of another. */
  attendsElsewhere: boolean;
  /** In all courses of the tool. */
  kept: KeptCounts & { hasCalendarLink: boolean; hasPersonalCode: boolean };
  retention: RetentionPolicy;
}

/**
 * What is kept of the viewer, and how long. For everybody who has a place in the course.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadMyData(ctx: Ctx, courseId: string): Promise<MyData> {
  const { course, personId, role, isTestUser } = await requirePlace(ctx, courseId);
  const ids = (await selectHuman(ctx.db, personId)).map(({ id }) => id);
  const { calendarLinkSince, personalCodeSince } = await selectLinksOf(ctx.db, ids);
  const kept = await selectKeptCounts(ctx.db, ids, ctx.now);
  return {
    personId,
    role,
    isTestUser,
    assistantsSeeExcuses: course.policy.assistantsMaySeeExcuses,
    attendsElsewhere: role !== 'student' && kept.records + kept.checkIns + kept.excuses > 0,
    kept: {
      ...kept,
      hasCalendarLink: calendarLinkSince !== null,
      hasPersonalCode: personalCodeSince !== null,
    },
    retention: await findRetention(ctx, course.id),
  };
}
