import { requireTeacher } from '../access/require-place.ts';
import { restoreRecords } from '../attendance/excuse-records.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockExcuse, selectDecisions, updateExcuse, writeDecisions } from './queries.ts';

export type TakenBackDecision =
  | { kind: 'taken-back'; revision: number }
  /** It was taken back, or decided anew, meanwhile. */
  | { kind: 'conflict' };

/**
 * Takes a decision back: the excuse waits again, and the register says what it said before the decision, as far as
 * nobody has changed it since.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function takeBackDecision(
  ctx: Ctx,
  { courseId, excuseId, revision }: { courseId: string; excuseId: string; revision: number },
): Promise<TakenBackDecision> {
  await requireTeacher(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const excuse = isId(excuseId) ? await lockExcuse(tx.db, { courseId, excuseId }) : undefined;
    if (excuse === undefined) throw new AppError('not-found');
    const { state, membershipId } = excuse;
    if ((state !== 'accepted' && state !== 'declined') || excuse.revision !== revision)
      return { kind: 'conflict' };
    const decisions = await selectDecisions(tx.db, excuseId);
    await restoreRecords(
      tx,
      { courseId, excuseId, membershipId },
      decisions
        .filter((one) => one.changedRecord)
        .map(({ meetingId, recordBefore }) => ({ meetingId, before: recordBefore })),
    );
    await writeDecisions(
      tx.db,
      excuseId,
      decisions.map(({ meetingId }) => ({
        meetingId,
        decision: null,
        changedRecord: false,
        recordBefore: null,
      })),
    );
    await updateExcuse(tx.db, excuseId, {
      ...{ state: 'submitted', decidedAt: null, decidedBy: null, decisionNote: null, revision: revision + 1 },
    });
    await insertAuditEvent(tx, {
      ...{ courseId, action: 'excuse.decision-taken-back', subjectId: excuseId },
      before: { membershipId, state },
      after: { membershipId },
    });
    return { kind: 'taken-back', revision: revision + 1 };
  });
}
