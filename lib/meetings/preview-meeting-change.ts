import { requireMarker } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { planChange } from './plan-change.ts';
import type { MeetingEdit, RefusedChange } from './plan-change.ts';
import { selectMeetingsWithRecords } from './queries.ts';

/**
 * How many meetings an edit would change, and how many of them have been taken already. Nothing is changed.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function previewMeetingChange(
  ctx: Ctx,
  edit: MeetingEdit,
): Promise<{ kind: 'preview'; changes: number; withRecords: number } | RefusedChange> {
  await requireMarker(ctx, edit.courseId);
  return transaction(ctx, async (tx) => {
    const planned = await planChange(tx, edit);
    if (planned.kind !== 'planned') return planned;
    const taken = await selectMeetingsWithRecords(
      tx.db,
      planned.changes.map(({ before }) => before.id),
    );
    return { kind: 'preview' as const, changes: planned.changes.length, withRecords: taken.length };
  });
}
