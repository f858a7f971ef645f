import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { Direction } from '../db/schema.ts';
import { createWindow, takeCurrentWindow } from './current-window.ts';
import { planInput, readInput } from './input.ts';
import { updateWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { plannedTimes } from './rules.ts';
import { tellWindow } from './tell-window.ts';

export type PlannedCheckIn =
  | { kind: 'planned'; windowId: string }
  /** It is open already, and stays as it is. */
  | { kind: 'open' }
  /** The time that was meant is over. */
  | { kind: 'too-late' };

/**
 * Lets the check-in of a meeting, or its check-out, open and close by itself, so many minutes around the meeting's start,
 * or its end; it moves with the meeting. Planned anew, it keeps its secret: what was printed stays good.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`, `conflict` (the
 *   meeting is cancelled), `meeting-over`
 */
export async function planCheckIn(
  ctx: Ctx,
  given: {
    courseId: string;
    meetingId: string;
    direction?: Direction;
    stepSeconds?: number | null;
    beforeMinutes: number;
    afterMinutes: number;
  },
): Promise<PlannedCheckIn> {
  const { courseId, meetingId } = given;
  const { course } = await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  const { direction, stepSeconds = course.policy.codeSeconds, ...minutes } = readInput(planInput, given);
  return transaction(ctx, async (tx): Promise<PlannedCheckIn> => {
    const { meeting, current } = await takeCurrentWindow(tx, { courseId, meetingId, direction });
    if (current !== undefined && phaseOf(current, tx.now) === 'open') return { kind: 'open' };
    const times = plannedTimes(direction, meeting, minutes);
    if (phaseOf(times, tx.now) === 'over') return { kind: 'too-late' };
    const plan = { ...times, stepSeconds, followsMeeting: true };
    const window =
      current === undefined
        ? await createWindow(tx, { meetingId, direction, ...plan })
        : await updateWindow(tx.db, current.id, plan);
    await tellWindow(tx, courseId, 'check-in.planned', window);
    return { kind: 'planned', windowId: window.id };
  });
}
