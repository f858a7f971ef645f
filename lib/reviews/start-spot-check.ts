import { randomInt } from 'node:crypto';
import { requireMarker } from '../access/require-place.ts';
import { lockMeetingToTake } from '../attendance/queries.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { startInput } from './input.ts';
import { insertSpotCheck, selectSpotChecks, selectWhoIsIn } from './queries.ts';
import { drawLot, isAnybodyLeft } from './rules.ts';

/** `going-on`: somebody has drawn already; theirs goes on. `nobody`: nobody is in the room by their own check-in. */
export type StartedSpotCheck = { kind: 'started' | 'going-on'; spotCheckId: string } | { kind: 'nobody' };

/**
 * Draws some of those who are checked in by lot, to be called out: all of them, where there are no more. Whom a teacher
 * has entered is known to be there, and whoever has checked out is gone: neither is drawn.
 *
 * @param size how many, from 1 to 20
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `invalid-input`, `not-found`
 */
export async function startSpotCheck(
  ctx: Ctx,
  { courseId, ...given }: { courseId: string; meetingId: string; size: unknown },
): Promise<StartedSpotCheck> {
  const { personId } = await requireMarker(ctx, courseId);
  const parsed = startInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { meetingId, size } = parsed.data;

  return transaction(ctx, async (tx) => {
    const meeting = await lockMeetingToTake(tx.db, { courseId, meetingId }, 'update');
    if (meeting === undefined) throw new AppError('not-found');
    const goingOn = (await selectSpotChecks(tx.db, meetingId)).find(({ endedAt }) => endedAt === null);
    if (goingOn !== undefined) return { kind: 'going-on', spotCheckId: goingOn.id };
    const present = isAnybodyLeft(meeting.endsAt, tx.now) ? await selectWhoIsIn(tx.db, meetingId) : [];
    const drawn = drawLot(present, size, (limit) => randomInt(limit));
    if (drawn.length === 0) return { kind: 'nobody' };
    const spotCheckId = newId();
    await insertSpotCheck(
      tx.db,
      {
        ...{ id: spotCheckId, meetingId, startedBy: personId, startedAt: tx.now },
        checkedIn: present.length,
      },
      drawn,
    );
    await insertAuditEvent(tx, {
      ...{ courseId, action: 'spot-check.started', subjectId: meetingId },
      after: { called: drawn.length, checkedIn: present.length },
    });
    return { kind: 'started', spotCheckId };
  });
}
