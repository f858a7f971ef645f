import { newId } from '../base/ids.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { insertMessages, selectAbsencesToTell } from './queries.ts';
import { absenceMeetingMs, absenceNewsMs, absenceRestMs, onceKeys } from './rules.ts';

/**
 * Has students told, some hours after, that they were marked absent; where their courses want it. Two statements.
 *
 * @returns how many
 */
export async function findAbsences(ctx: Pick<Ctx, 'db' | 'now'>): Promise<number> {
  const absences = await selectAbsencesToTell(ctx.db, ctx.now, {
    heldSince: addMs(ctx.now, -absenceMeetingMs),
    markedSince: addMs(ctx.now, -absenceNewsMs),
    markedUntil: addMs(ctx.now, -absenceRestMs),
  });
  return insertMessages(
    ctx.db,
    absences.map(({ meetingId, courseId, membershipId, personId }) => ({
      ...{ id: newId(), personId, courseId, subjectId: meetingId },
      kind: 'marked-absent',
      onceKey: onceKeys.absence(meetingId, membershipId),
      createdAt: ctx.now,
      dueAt: ctx.now,
    })),
  );
}
