import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { Direction } from '../db/schema.ts';
import { directionInput, readInput } from './input.ts';
import { lockMeeting, selectUnclosedWindow, updateWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { tellWindow } from './tell-window.ts';

/**
 * Ends the check-in, or the check-out, now, or takes back one that is planned. Codes seen before still count, however
 * long their sign-in takes. Closing what is closed changes nothing.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function closeCheckIn(
  ctx: Ctx,
  given: { courseId: string; meetingId: string; direction?: Direction },
): Promise<void> {
  const { courseId, meetingId } = given;
  await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  const { direction } = readInput(directionInput, given);
  await transaction(ctx, async (tx) => {
    if ((await lockMeeting(tx.db, courseId, meetingId)) === undefined) throw new AppError('not-found');
    const window = await selectUnclosedWindow(tx.db, courseId, meetingId, direction);
    if (window === undefined) return;
    const closedAt = tx.now < window.closesAt ? tx.now : window.closesAt;
    const closed = await updateWindow(tx.db, window.id, { closedAt });
    const isPlanned = phaseOf(window, tx.now) === 'planned';
    await tellWindow(tx, courseId, isPlanned ? 'check-in.withdrawn' : 'check-in.closed', closed);
  });
}
