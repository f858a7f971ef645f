import { findPolicy } from '../access/find-policy.ts';
import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent, insertAuditEvents } from '../audit/queries.ts';
import { recordEvent } from '../audit/record-event.ts';
import { AppError } from '../base/errors.ts';
import { isId, newId, recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import {
  lockMeetingToTake,
  selectPastRevisions,
  selectRegisterMembers,
  updateMeetingClosed,
  writeRecords,
} from './queries.ts';
import type { LockedMeeting } from './queries.ts';

interface MeetingKey {
  courseId: string;
  meetingId: string;
}

/**
 * Declares a meeting's register to be complete. Where the course's policy says so, whoever was due and is not taken yet
 * becomes absent. Marks can still be changed. Closing what is closed changes nothing.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `conflict` (the meeting is cancelled
 *   or has not begun)
 */
export async function closeRegister(ctx: Ctx, { courseId, meetingId }: MeetingKey): Promise<void> {
  await requireMarker(ctx, courseId);
  await transaction(ctx, async (tx) => {
    const meeting = await lockMeeting(tx, { courseId, meetingId });
    if (meeting.state === 'cancelled' || tx.now < meeting.startsAt) {
      throw new AppError('conflict', { reason: 'meeting cancelled or still to come' });
    }
    if (!(await updateMeetingClosed(tx.db, meetingId, tx.now))) return;
    const { autoAbsent } = await findPolicy(tx, courseId);
    if (autoAbsent) await enterAbsent(tx, { courseId, meetingId });
    await insertAuditEvent(tx, {
      courseId,
      action: 'meeting.closed',
      subjectId: meetingId,
      after: { autoAbsent },
    });
    await publish(tx, { kind: 'reload', meetingId });
  });
}

async function lockMeeting(tx: Ctx, key: MeetingKey): Promise<LockedMeeting> {
  const meeting = isId(key.meetingId) ? await lockMeetingToTake(tx.db, key, 'update') : undefined;
  if (meeting === undefined) throw new AppError('not-found');
  return meeting;
}

async function enterAbsent(tx: Ctx, { courseId, meetingId }: MeetingKey): Promise<void> {
  const members = await selectRegisterMembers(tx.db, { id: meetingId, courseId });
  const untaken = members
    .filter((member) => member.isExpected && member.record === null)
    .map(({ membershipId }) => membershipId);
  const past = await selectPastRevisions(
    tx.db,
    untaken.map((membershipId) => ({ meetingId, membershipId })),
  );
  const absent = untaken.map((membershipId) => ({
    id: newId(),
    ...{ meetingId, membershipId, status: 'absent' as const, provenMinutes: 0, isOpen: false },
    ...{ source: 'teacher' as const, note: null, replacesMeetingId: null },
    revision: (past.get(recordSubject(meetingId, membershipId)) ?? 0) + 1,
  }));
  const written = await writeRecords(tx.db, absent, tx.now);
  await insertAuditEvents(
    tx,
    absent
      .filter(({ id }) => written.has(id))
      .map(({ membershipId, status, provenMinutes }) =>
        recordEvent({
          ...{ courseId, meetingId, membershipId, action: 'record.closed' },
          before: null,
          after: { status, provenMinutes },
        }),
      ),
  );
}

/**
 * Opens a register again that was declared to be complete. Marks stay as they are.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function reopenRegister(ctx: Ctx, { courseId, meetingId }: MeetingKey): Promise<void> {
  await requireMarker(ctx, courseId);
  await transaction(ctx, async (tx) => {
    await lockMeeting(tx, { courseId, meetingId });
    if (!(await updateMeetingClosed(tx.db, meetingId, null))) return;
    await insertAuditEvent(tx, { courseId, action: 'meeting.reopened', subjectId: meetingId });
    await publish(tx, { kind: 'reload', meetingId });
  });
}
