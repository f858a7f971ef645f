import { requireManager } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { conflictInput } from './input.ts';
import { mergeRows } from './merge-rows.ts';
import { lockPeople, selectConflicts, updateConflictResolved, updateConflictsOf } from './queries.ts';

/** `changed`: somebody has decided it in the meantime, or another pair of the same people. */
export type ConflictDecision = { kind: 'merged' } | { kind: 'apart' } | { kind: 'changed' };

/**
 * A teacher's decision about two rows that the platform gave one number: one human, or two. One human keeps every
 * record of both, in every course of the platform, and both ways in lead to the row that bears the number. Two
 * decisions at once take turns.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`,
 *   `invalid-input`
 */
export async function decideConflict(
  ctx: Ctx,
  { courseId, ...given }: { courseId: string; conflictId: string; decision: string },
): Promise<ConflictDecision> {
  await requireManager(ctx, courseId);
  const parsed = conflictInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { conflictId, decision } = parsed.data;
  return transaction(ctx, async (tx) => {
    const find = async () => (await selectConflicts(tx.db, courseId, conflictId))[0];
    const shown = await find();
    if (shown === undefined) return { kind: 'changed' as const };
    const { personId: from, otherPersonId: to } = shown;
    await lockPeople(tx.db, [from, to]);
    const now = await find();
    if (now?.personId !== from || now.otherPersonId !== to) return { kind: 'changed' as const };
    await updateConflictResolved(tx.db, conflictId, decision, tx.now);
    if (decision === 'merged') {
      await mergeRows(tx, [{ from, to }]);
      await updateConflictsOf(tx.db, { from, to }, tx.now);
    } else {
      await insertAuditEvent(tx, {
        courseId,
        action: 'person.kept-apart',
        subjectId: from,
        after: { personId: from, otherPersonId: to },
      });
      await publish(tx, { kind: 'roster', courseId });
    }
    return { kind: decision };
  });
}
