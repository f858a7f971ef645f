import { requireMarker } from '../access/require-place.ts';
import { recomputeRecords } from '../attendance/recompute-records.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { planChange } from './plan-change.ts';
import type { MeetingEdit, RefusedChange } from './plan-change.ts';
import { publishMeetings } from '../live/notices.ts';
import { updateMeetingRows } from './queries.ts';
import { changedFields } from './rules.ts';
import type { MeetingValues } from './rules.ts';

/**
 * Changes a meeting, and the same fields of those of its series that are meant. Who saw an older revision changes
 * nothing and hears `conflict`. Each meeting keeps the zone that it was planned in; check-ins are judged by the new
 * times.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function updateMeeting(
  ctx: Ctx,
  edit: MeetingEdit,
): Promise<{ kind: 'saved'; meetingIds: string[] } | RefusedChange> {
  const { courseId } = edit;
  await requireMarker(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const planned = await planChange(tx, edit);
    if (planned.kind !== 'planned') return planned;
    const changes = planned.changes.map(({ before, after }) => ({
      before,
      after,
      fields: changedFields(before, after),
    }));
    if (changes.length === 0) return { kind: 'saved' as const, meetingIds: [] };
    await updateMeetingRows(
      tx.db,
      changes.map(({ before, after }) => ({ id: before.id, ...after })),
    );
    await insertAuditEvents(
      tx,
      changes.map(({ before, after, fields }) => ({
        courseId,
        action: 'meeting.updated',
        subjectId: before.id,
        before: pick(before, fields),
        after: pick(after, fields),
      })),
    );
    await recomputeRecords(
      tx,
      changes
        .filter(({ fields }) => fields.some((field) => timeFields.has(field)))
        .map(({ before, after }) => ({ id: before.id, courseId, ...after })),
    );
    const meetingIds = changes.map(({ before }) => before.id);
    await publishMeetings(tx, meetingIds);
    return { kind: 'saved' as const, meetingIds };
  });
}

/** What of a meeting decides about minutes. */
const timeFields: ReadonlySet<keyof MeetingValues> = new Set([
  'startsAt',
  'endsAt',
  'breakMinutes',
  'breaks',
]);

function pick(values: MeetingValues, fields: readonly (keyof MeetingValues)[]) {
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}
