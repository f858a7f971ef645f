import { randomBytes } from 'node:crypto';
import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { isId, newId } from '../base/ids.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { requestRosterSyncForCheckIn } from '../rosters/request-roster-sync.ts';
import { insertWindow, lockMeeting, selectUnclosedWindow, updateWindowClosed } from './queries.ts';
import { defaultStepSeconds, isWindowOpen, locatorOf } from './rules.ts';
import { createSealedSecret } from './window-secret.ts';

/** So many collisions among a million locators mean that something else is wrong. */
const locatorTries = 20;

/**
 * Opens the check-in of a meeting, or finds the open one, so that a second click or a second teacher changes
 * nothing. The meeting's row is locked meanwhile: at most one window is open.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `conflict` (the meeting is cancelled),
 *   `meeting-over`
 */
export async function openCheckIn(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<{ windowId: string }> {
  await requireMarker(ctx, courseId);
  if (!isId(meetingId)) throw new AppError('not-found');
  const { windowId, isNew } = await findOrOpenWindow(ctx, { courseId, meetingId });
  if (isNew) void requestRosterSyncForCheckIn(ctx, courseId);
  return { windowId };
}

function findOrOpenWindow(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<{ windowId: string; isNew: boolean }> {
  return transaction(ctx, async (tx) => {
    const meeting = await lockMeeting(tx.db, courseId, meetingId);
    if (meeting === undefined) throw new AppError('not-found');
    if (meeting.state === 'cancelled') throw new AppError('conflict', { reason: 'meeting cancelled' });
    // A code of a meeting that is over checks nobody in, so that showing one would only mislead.
    if (tx.now >= meeting.endsAt) throw new AppError('meeting-over');
    const unclosed = await selectUnclosedWindow(tx.db, courseId, meetingId);
    if (unclosed !== undefined) {
      if (isWindowOpen(unclosed, tx.now)) return { windowId: unclosed.id, isNew: false };
      await updateWindowClosed(tx.db, unclosed.id, unclosed.closesAt);
    }
    const window = {
      id: newId(),
      meetingId,
      sealedSecret: createSealedSecret(tx.secrets),
      stepSeconds: defaultStepSeconds,
      openedAt: tx.now,
      closesAt: addMs(tx.now, env().QR_CODE_VALIDITY_MINUTES * minuteMs),
    };
    await insertWithFreeLocator(tx, window);
    await insertAuditEvent(tx, {
      courseId,
      action: 'check-in.opened',
      subjectId: meetingId,
      after: { windowId: window.id, closesAt: window.closesAt },
    });
    await publish(tx, {
      kind: 'window',
      meetingId,
      window: {
        id: window.id,
        openedAt: window.openedAt.toISOString(),
        closesAt: window.closesAt.toISOString(),
      },
    });
    return { windowId: window.id, isNew: true };
  });
}

async function insertWithFreeLocator(
  tx: Pick<Ctx, 'db'>,
  window: Omit<Parameters<typeof insertWindow>[1], 'locator'>,
): Promise<void> {
  for (let tries = 0; tries < locatorTries; tries += 1) {
    if (await insertWindow(tx.db, { ...window, locator: locatorOf(randomBytes(3)) })) return;
  }
  throw new AppError('internal', { reason: 'no free locator' });
}
