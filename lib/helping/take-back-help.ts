import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { decideCheckIns } from '../reviews/decide-check-ins.ts';
import { selectHandCheckIn } from './queries.ts';
import { mayTakeBack } from './rules.ts';

/** `too-late`: what was entered a while ago is changed in the register, or reviewed. */
export interface TakenBack {
  kind: 'taken-back' | 'too-late';
}

/**
 * Undoes a check-in by hand, for whoever has just made it: it is set aside and counts for nothing, and the record follows
 * from what remains.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (also for another helper's)
 */
export async function takeBackHelp(
  ctx: Ctx,
  { courseId, checkInId }: { courseId: string; checkInId: string },
): Promise<TakenBack> {
  const { personId } = await requireMarker(ctx, courseId);
  const made = isId(checkInId) ? await selectHandCheckIn(ctx.db, courseId, checkInId) : undefined;
  if (made?.helperPersonId !== personId) throw new AppError('not-found');
  if (!mayTakeBack(made.confirmedAt, ctx.now)) return { kind: 'too-late' };
  await decideCheckIns(ctx, {
    ...{ courseId, meetingId: made.meetingId },
    ...{ checkInIds: [checkInId], decision: 'set-aside' },
  });
  return { kind: 'taken-back' };
}
