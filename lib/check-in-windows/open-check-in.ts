import { requireMarker } from '../access/require-place.ts';
import { env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { Direction } from '../db/schema.ts';
import { requestRosterSyncForCheckIn } from '../rosters/request-roster-sync.ts';
import { createWindow, takeCurrentWindow } from './current-window.ts';
import { openingInput, readInput } from './input.ts';
import { updateWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { closingOf } from './rules.ts';
import { tellWindow } from './tell-window.ts';

/**
 * Opens the check-in of a meeting, or its check-out, or finds the open one, so that a second click or a second teacher
 * changes nothing. One that is planned opens now and closes when it would have. The meeting's row is locked meanwhile:
 * at most one window a direction is open.
 *
 * @param given.direction the check-in where it is left out
 * @param given.stepSeconds how long a scanned code is shown, null for one that stays; left out: as planned, else as the
 *   course's policy says
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`, `conflict` (the
 *   meeting is cancelled), `meeting-over` (check-out: an hour after its end)
 */
export async function openCheckIn(
  ctx: Ctx,
  given: {
    courseId: string;
    meetingId: string;
    direction?: Direction;
    stepSeconds?: number | null | undefined;
  },
): Promise<{ windowId: string }> {
  const { courseId, meetingId } = given;
  const { course } = await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  const { direction, stepSeconds } = readInput(openingInput, given);
  const { windowId, isNew } = await transaction(ctx, async (tx) => {
    const { meeting, current } = await takeCurrentWindow(tx, { courseId, meetingId, direction });
    if (current !== undefined && phaseOf(current, tx.now) === 'open') {
      return { windowId: current.id, isNew: false };
    }
    const window =
      current === undefined
        ? await createWindow(tx, {
            meetingId,
            direction,
            stepSeconds: stepSeconds === undefined ? course.policy.codeSeconds : stepSeconds,
            opensAt: tx.now,
            closesAt: closingOf(direction, meeting, tx.now, env().QR_CODE_VALIDITY_MINUTES),
            followsMeeting: false,
          })
        : // Somebody has taken it in hand: it no longer moves by itself.
          await updateWindow(tx.db, current.id, {
            openedAt: tx.now,
            opensAt: tx.now,
            followsMeeting: false,
            ...(stepSeconds === undefined ? {} : { stepSeconds }),
          });
    await tellWindow(tx, courseId, 'check-in.opened', window);
    return { windowId: window.id, isNew: true };
  });
  if (isNew) void requestRosterSyncForCheckIn(ctx, courseId);
  return { windowId };
}
