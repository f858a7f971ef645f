import { insertAuditEvents } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { updateSpansOfMissing } from './queries.ts';

/**
 * Ends the open spans that a roster gave to these members, at the moment when each was missed first. Spans that
 * a teacher has set stay.
 *
 * @returns how many members left
 */
export async function endMissing(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
  membershipIds: readonly string[],
): Promise<number> {
  const ended = await updateSpansOfMissing(tx.db, membershipIds);
  await insertAuditEvents(
    tx,
    ended.map(({ membershipId, endsAt }) => ({
      courseId,
      action: 'membership.ended',
      subjectId: membershipId,
      before: { endsAt: null },
      after: { endsAt },
    })),
  );
  return ended.length;
}
