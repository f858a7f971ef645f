import { insertAuditEvents } from '../audit/queries.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Ctx } from '../context.ts';
import type { RecordView } from '../live/notices.ts';
import { presenceOf } from './apply-change.ts';
import { deleteRecords, replaceSpans, writeRecords } from './queries.ts';

/** What becomes of one member's record. */
export interface RecordToEnter {
  /** The record's own id: the one that stands there, or a new one. */
  id: string;
  meetingId: string;
  membershipId: string;
  before: RecordView | null;
  /** With its new revision. Null: the record goes. */
  after: RecordView | null;
}

/**
 * Enters what was decided about records of meetings of a course, with its presence and its audit, in a fixed number of
 * statements. Called in a transaction that has locked the meetings and those of the records that stand there.
 *
 * @returns the ids of those that were entered; a record that another hand was faster with stays as it is
 */
export async function enterRecords(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
  records: readonly RecordToEnter[],
  action:
    'record.marked' | 'record.reviewed' | 'record.excused' | 'record.excuse-taken-back' | 'record.imported',
): Promise<Set<string>> {
  const kept = records.flatMap(({ after, ...record }) => (after === null ? [] : [{ ...record, after }]));
  const written = await writeRecords(
    tx.db,
    kept.map(({ id, meetingId, membershipId, after }) => {
      const { status, provenMinutes, isOpen, source, note, replacesMeetingId, revision } = after;
      return {
        ...{ id, meetingId, membershipId },
        ...{ status, provenMinutes, isOpen, source, note, replacesMeetingId, revision },
      };
    }),
    tx.now,
  );
  await deleteRecords(
    tx.db,
    records.filter(({ after }) => after === null).map(({ id }) => id),
  );
  await replaceSpans(
    tx.db,
    kept.filter(({ id }) => written.has(id)).map(({ id, after }) => ({ id, spans: presenceOf(after) })),
  );
  const entered = records.filter(({ id, after }) => after === null || written.has(id));
  await insertAuditEvents(
    tx,
    entered.map(({ meetingId, membershipId, before, after }) =>
      recordEvent({ courseId, meetingId, membershipId, action, before, after }),
    ),
  );
  return new Set(entered.map(({ id }) => id));
}
