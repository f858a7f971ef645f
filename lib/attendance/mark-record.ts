import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import type { RecordView } from '../live/notices.ts';
import { markInput } from './input.ts';
import type { MarkInput } from './input.ts';
import {
  deleteRecord,
  insertRecord,
  lockMeetingToTake,
  replaceSpans,
  selectRecordForUpdate,
  selectRegisterMembers,
  updateRecord,
} from './queries.ts';
import { decideFromArrival, decideFromMark, defaultGraceMinutes } from './rules.ts';

export type MarkedRecord =
  | { kind: 'marked'; record: RecordView | null }
  /** Somebody changed the record since the teacher saw it; nothing was overwritten. */
  | { kind: 'conflict'; record: RecordView | null };

/**
 * Enters a teacher's word for one member, or takes it back. Taken back, the record says again what the check-ins
 * say, or goes when there are none.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (no such meeting or member in this course),
 *   `invalid-input`
 */
export async function markRecord(
  ctx: Ctx,
  { courseId, ...given }: { courseId: string } & MarkInput,
): Promise<MarkedRecord> {
  await requireMarker(ctx, courseId);
  const parsed = markInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { meetingId, membershipId, status, revision } = parsed.data;
  return transaction(ctx, async (tx) => {
    const meeting = await lockMeetingToTake(tx.db, { courseId, meetingId });
    if (meeting === undefined) throw new AppError('not-found');
    const current = async () => (await selectRegisterMembers(tx.db, meeting, membershipId))[0];
    const member = await current();
    if (member === undefined) throw new AppError('not-found');
    const conflict = async () => ({ kind: 'conflict' as const, record: (await current())?.record ?? null });

    const held = await selectRecordForUpdate(tx.db, { meetingId, membershipId });
    if ((held?.record.revision ?? 0) !== revision) return conflict();

    const times = { ...meeting, graceMinutes: defaultGraceMinutes };
    const arrivedAt = held?.arrivedAt ?? null;
    const decided =
      status !== null
        ? decideFromMark(times, status)
        : arrivedAt === null
          ? undefined
          : decideFromArrival(times, arrivedAt);
    const id = held?.record.id ?? newId();
    if (decided === undefined) {
      if (held !== undefined) await deleteRecord(tx.db, id);
    } else {
      const row = {
        id,
        meetingId,
        membershipId,
        status: decided.status,
        provenMinutes: decided.provenMinutes,
        source: status === null ? ('check-in' as const) : ('teacher' as const),
        note: held?.record.note ?? null,
        revision: revision + 1,
        updatedAt: tx.now,
      };
      if (held !== undefined) await updateRecord(tx.db, id, row);
      else if (!(await insertRecord(tx.db, row))) return conflict();
      await replaceSpans(tx.db, id, decided.spans);
    }
    const record = (await current())?.record ?? null;
    await insertAuditEvent(tx, {
      courseId,
      action: 'record.marked',
      subjectId: id,
      before: member.record,
      after: record,
    });
    await publish(tx, { kind: 'record', meetingId, membershipId, name: member.name, record });
    return { kind: 'marked', record };
  });
}
