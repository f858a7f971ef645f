import { requireMarker } from '../access/require-place.ts';
import { judgeMembers, publishMembers } from '../attendance/judge-members.ts';
import { lockMeetingToTake } from '../attendance/queries.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { recordEvent } from '../audit/record-event.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { decisionInput } from './input.ts';
import { selectEvidenceToDecide, writeDecision } from './queries.ts';
import type { EvidenceToDecide } from './queries.ts';
import { counts } from './rules.ts';

/**
 * Enters what a person made of check-ins: `fine`, `ask` the student, or `set-aside`, after which they count for nothing
 * and the records follow from the evidence that remains; null takes the decision back, and all is as before. What a
 * teacher has entered by hand stays. A decision that stands there already changes nothing.
 *
 * @returns how many check-ins have another decision now
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `invalid-input`, `not-found` (no such meeting, or
 *   a check-in of another one)
 */
export async function decideCheckIns(
  ctx: Ctx,
  { courseId, ...given }: { courseId: string; meetingId: string; checkInIds: unknown; decision: unknown },
): Promise<{ decided: number }> {
  const { personId } = await requireMarker(ctx, courseId);
  const parsed = decisionInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { meetingId, decision } = parsed.data;
  const ids = [...new Set(parsed.data.checkInIds)];

  return transaction(ctx, async (tx) => {
    // For update: two decisions take turns, and no check-in is judged meanwhile by evidence that just goes.
    const meeting = await lockMeetingToTake(tx.db, { courseId, meetingId }, 'update');
    if (meeting === undefined) throw new AppError('not-found');
    const evidence = await selectEvidenceToDecide(tx.db, { courseId, meetingId }, ids);
    if (evidence.length !== ids.length) throw new AppError('not-found');
    const changed = evidence.filter((one) => one.decision !== decision);
    if (changed.length === 0) return { decided: 0 };
    await writeDecision(
      tx.db,
      changed.map(({ id }) => id),
      { decision, decidedBy: personId, decidedAt: tx.now },
    );

    const byMember = Map.groupBy(changed, ({ membershipId }) => membershipId);
    await insertAuditEvents(
      tx,
      [...byMember].map(([membershipId, own]) =>
        recordEvent({
          ...{ courseId, meetingId, membershipId, action: 'record.evidence-reviewed' },
          before: { decision: own[0]?.decision ?? null },
          after: { decision, checkInIds: own.map(({ id }) => id) },
        }),
      ),
    );
    const [judged, told]: [EvidenceToDecide[], EvidenceToDecide[]] = [[], []];
    for (const own of byMember.values()) {
      const weighs = own.some(
        (one) => counts(one) && (one.decision === 'set-aside') !== (decision === 'set-aside'),
      );
      (weighs ? judged : told).push(...own.slice(0, 1));
    }
    if (judged.length > 0) await judgeMembers(tx, meeting, judged);
    if (told.length > 0) await publishMembers(tx, meeting, told);
    return { decided: changed.length };
  });
}
