import { insertAuditEvent } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { replaceSpans, selectCheckInRecords, updateRecord } from './queries.ts';
import type { MeetingToTake } from './queries.ts';
import { decideFromArrival, defaultGraceMinutes } from './rules.ts';

/**
 * Judges a meeting's check-ins by its new times. What a teacher entered stays. Called in the transaction that
 * changes the meeting, by a use case that has checked access.
 */
export async function recomputeRecords(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  meeting: Pick<MeetingToTake, 'id' | 'courseId' | 'startsAt' | 'endsAt' | 'breakMinutes'>,
): Promise<void> {
  for (const { record, arrivedAt } of await selectCheckInRecords(tx.db, meeting.id)) {
    if (arrivedAt === null) continue;
    const decided = decideFromArrival({ ...meeting, graceMinutes: defaultGraceMinutes }, arrivedAt);
    await replaceSpans(tx.db, record.id, decided.spans);
    if (decided.status === record.status && decided.provenMinutes === record.provenMinutes) continue;
    const after = { status: decided.status, provenMinutes: decided.provenMinutes };
    await updateRecord(tx.db, record.id, { ...after, revision: record.revision + 1, updatedAt: tx.now });
    await insertAuditEvent(tx, {
      courseId: meeting.courseId,
      action: 'record.recomputed',
      subjectId: record.id,
      before: { status: record.status, provenMinutes: record.provenMinutes },
      after,
    });
  }
}
