import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { prolongInput } from './input.ts';
import { lockMeeting, selectUnclosedWindow, updateWindowClosesAt } from './queries.ts';
import { isWindowOpen } from './rules.ts';

export type ProlongedCheckIn = { kind: 'prolonged'; closesAt: Date } | { kind: 'closed' };

/**
 * Lets an open check-in stay open for some minutes more. One that is over stays over: its codes could not be
 * told from those of the time between. Open it anew instead.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function prolongCheckIn(
  ctx: Ctx,
  { courseId, meetingId, minutes }: { courseId: string; meetingId: string; minutes: number },
): Promise<ProlongedCheckIn> {
  await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  if (!prolongInput.safeParse({ minutes }).success) throw new AppError('invalid-input', { field: 'minutes' });
  return transaction(ctx, async (tx) => {
    if ((await lockMeeting(tx.db, courseId, meetingId)) === undefined) throw new AppError('not-found');
    const window = await selectUnclosedWindow(tx.db, courseId, meetingId);
    if (window === undefined || !isWindowOpen(window, tx.now)) return { kind: 'closed' };
    const closesAt = addMs(window.closesAt, minutes * minuteMs);
    await updateWindowClosesAt(tx.db, window.id, closesAt);
    await insertAuditEvent(tx, {
      courseId,
      action: 'check-in.prolonged',
      subjectId: meetingId,
      before: { closesAt: window.closesAt },
      after: { closesAt },
    });
    await publish(tx, {
      kind: 'window',
      meetingId,
      window: {
        id: window.id,
        openedAt: window.openedAt.toISOString(),
        closesAt: closesAt.toISOString(),
      },
    });
    return { kind: 'prolonged', closesAt };
  });
}
