import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { Direction } from '../db/schema.ts';
import { prolongInput, readInput } from './input.ts';
import { lockMeeting, selectUnclosedWindow, updateWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { tellWindow } from './tell-window.ts';

export type ProlongedCheckIn = { kind: 'prolonged'; closesAt: Date } | { kind: 'closed' };

/**
 * Lets an open check-in, or check-out, stay open for some minutes more; a check-in until its meeting's end at the most.
 * One that is over stays over: its codes could not be told from those of the time between. Open it anew instead.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function prolongCheckIn(
  ctx: Ctx,
  given: { courseId: string; meetingId: string; direction?: Direction; minutes: number },
): Promise<ProlongedCheckIn> {
  const { courseId, meetingId } = given;
  await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  const { direction, minutes } = readInput(prolongInput, given);
  return transaction(ctx, async (tx): Promise<ProlongedCheckIn> => {
    if ((await lockMeeting(tx.db, courseId, meetingId)) === undefined) throw new AppError('not-found');
    const window = await selectUnclosedWindow(tx.db, courseId, meetingId, direction);
    if (window === undefined || phaseOf(window, tx.now) !== 'open') return { kind: 'closed' };
    const longer = await updateWindow(tx.db, window.id, {
      closesAt: addMs(window.closesAt, minutes * minuteMs),
    });
    await tellWindow(tx, courseId, 'check-in.prolonged', longer);
    return { kind: 'prolonged', closesAt: longer.closesAt };
  });
}
