import { requireManager } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockCourseRow, selectSettings, updateTimeZone } from './queries.ts';
import { timeZonesWith } from './time-zones.ts';

export type SetTimeZone =
  | { kind: 'saved' }
  /** No zone is called so. */
  | { kind: 'unknown' }
  /** Somebody changed it since it was seen; this stands there now. */
  | { kind: 'conflict'; theirs: string };

/**
 * Sets the zone in which a course's meetings are planned from now on. Meetings keep the zone that they were planned in,
 * so that no planned local time moves; and no later launch guesses another.
 *
 * @param seen the zone that the teacher saw
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function setTimeZone(
  ctx: Ctx,
  { courseId, seen, timeZone }: { courseId: string; seen: string; timeZone: string },
): Promise<SetTimeZone> {
  const { course } = await requireManager(ctx, courseId);
  if (!timeZonesWith(course.timeZone).includes(timeZone)) return { kind: 'unknown' };
  return transaction(ctx, async (tx) => {
    await lockCourseRow(tx.db, courseId);
    const held = await selectSettings(tx.db, courseId);
    if (held === undefined) throw new AppError('not-found');
    if (held.timeZone !== timeZone && held.timeZone !== seen) {
      return { kind: 'conflict', theirs: held.timeZone };
    }
    await updateTimeZone(tx.db, courseId, timeZone);
    if (held.timeZone !== timeZone) {
      await insertAuditEvent(tx, {
        courseId,
        action: 'course.time-zone-changed',
        subjectId: courseId,
        before: { timeZone: held.timeZone },
        after: { timeZone },
      });
    }
    return { kind: 'saved' };
  });
}
