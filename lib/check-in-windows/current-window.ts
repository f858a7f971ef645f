import { randomBytes } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { Direction } from '../db/schema.ts';
import { insertWindow, lockMeeting, selectUnclosedWindow, updateWindow } from './queries.ts';
import type { CheckInWindow } from './queries.ts';
import { isTooLateToOpen, phaseOf } from './phase.ts';
import { locatorOf } from './rules.ts';
import type { MeetingTimes } from './rules.ts';
import { createSealedSecret } from './window-secret.ts';

/** So many collisions among a million locators mean that something else is wrong. */
const locatorTries = 20;

/**
 * Locks a meeting whose window is to open, and finds the window that it has in this direction, planned or open. One
 * whose time is over is closed at its end, to make room.
 *
 * @throws AppError `not-found`, `conflict` (the meeting is cancelled), `meeting-over`
 */
export async function takeCurrentWindow(
  tx: Pick<Ctx, 'db' | 'now'>,
  { courseId, meetingId, direction }: { courseId: string; meetingId: string; direction: Direction },
): Promise<{ meeting: MeetingTimes; current: CheckInWindow | undefined }> {
  const meeting = await lockMeeting(tx.db, courseId, meetingId);
  if (meeting === undefined) throw new AppError('not-found');
  if (meeting.state === 'cancelled') throw new AppError('conflict', { reason: 'meeting cancelled' });
  if (isTooLateToOpen(direction, meeting, tx.now)) throw new AppError('meeting-over');
  const unclosed = await selectUnclosedWindow(tx.db, courseId, meetingId, direction);
  if (unclosed === undefined || phaseOf(unclosed, tx.now) !== 'over') return { meeting, current: unclosed };
  await updateWindow(tx.db, unclosed.id, { closedAt: unclosed.closesAt });
  return { meeting, current: undefined };
}

/** A window with a secret of its own, for a meeting that is locked and has none in this direction. */
export async function createWindow(
  tx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  window: Pick<
    CheckInWindow,
    'meetingId' | 'direction' | 'stepSeconds' | 'opensAt' | 'closesAt' | 'followsMeeting'
  >,
): Promise<CheckInWindow> {
  const sealedSecret = createSealedSecret(tx.secrets);
  for (let tries = 0; tries < locatorTries; tries += 1) {
    const locator = locatorOf(randomBytes(3));
    const made = { id: newId(), ...window, locator, sealedSecret, openedAt: tx.now };
    const inserted = await insertWindow(tx.db, made);
    if (inserted !== undefined) return inserted;
  }
  throw new AppError('internal', { reason: 'no free locator' });
}
