import { requireManager } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { noteDeparturesConfirmed } from '../courses/note-roster-synced.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { endMissing } from './end-missing.ts';
import { lockCourse, lockMissing } from './queries.ts';

/**
 * A teacher's word that those who are missing from the platform's list have left: their spans end when they were
 * missed first. Said twice, or after they have come back, it changes nothing.
 *
 * @returns how many left
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function confirmDepartures(ctx: Ctx, courseId: string): Promise<{ departed: number }> {
  await requireManager(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const course = await lockCourse(tx.db, courseId);
    if (course === undefined || course.departuresHeld === null) return { departed: 0 };
    const missing = await lockMissing(tx.db, courseId, { now: tx.now });
    const departed = await endMissing(
      tx,
      courseId,
      missing.map(({ membershipId }) => membershipId),
    );
    await noteDeparturesConfirmed(tx, courseId);
    await publish(tx, { kind: 'roster', courseId });
    return { departed };
  });
}
