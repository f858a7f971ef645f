import { requireTeacher } from '../access/require-place.ts';
import { excuseRecords } from '../attendance/excuse-records.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { queueExcuseDecided } from '../notices/queue-messages.ts';
import { decisionInput } from './input.ts';
import type { DecisionRequest } from './input.ts';
import { lockExcuse, selectMeetingsOfExcuses, updateExcuse, writeDecisions } from './queries.ts';

export type DecidedExcuse =
  | { kind: 'decided'; state: 'accepted' | 'declined'; revision: number }
  /** Somebody else was faster, or the student has changed it: look again. */
  | { kind: 'conflict' }
  | { kind: 'note-too-long' };

/**
 * Decides an excuse: meetings that are named are accepted, the others declined. The register, the audit and the mail
 * follow in the same transaction.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input` (a meeting that the
 *   excuse is not about)
 */
export async function decideExcuse(
  ctx: Ctx,
  { courseId, ...given }: DecisionRequest & { courseId: string },
): Promise<DecidedExcuse> {
  const { personId } = await requireTeacher(ctx, courseId);
  const parsed = decisionInput.safeParse(given);
  if (!parsed.success) {
    if (parsed.error.issues.every(({ path }) => path[0] === 'note')) return { kind: 'note-too-long' };
    throw new AppError('invalid-input');
  }
  const { excuseId, revision, acceptedMeetingIds, note } = parsed.data;
  return transaction(ctx, async (tx) => {
    const excuse = await lockExcuse(tx.db, { courseId, excuseId });
    if (excuse === undefined) throw new AppError('not-found');
    if (excuse.state !== 'submitted' || excuse.revision !== revision) return { kind: 'conflict' };
    const { membershipId } = excuse;
    const about = (await selectMeetingsOfExcuses(tx.db, [excuseId])).map(({ id }) => id);
    if (!acceptedMeetingIds.every((id) => about.includes(id))) throw new AppError('invalid-input');
    const excused = await excuseRecords(tx, { courseId, excuseId, membershipId }, acceptedMeetingIds);
    const doneAt = new Map(excused.map((one) => [one.meetingId, one]));
    await writeDecisions(
      tx.db,
      excuseId,
      about.map((meetingId) => ({
        meetingId,
        decision: doneAt.has(meetingId) ? 'accepted' : 'declined',
        changedRecord: doneAt.get(meetingId)?.changed ?? false,
        recordBefore: doneAt.get(meetingId)?.before ?? null,
      })),
    );
    const state = acceptedMeetingIds.length > 0 ? 'accepted' : 'declined';
    const decidedRevision = revision + 1;
    await updateExcuse(tx.db, excuseId, {
      ...{ state, decidedAt: tx.now, decidedBy: personId, decisionNote: note, revision: decidedRevision },
    });
    await insertAuditEvent(tx, {
      ...{ courseId, action: `excuse.${state}`, subjectId: excuseId },
      before: { membershipId },
      after: { membershipId, accepted: acceptedMeetingIds.length, meetings: about.length },
    });
    await queueExcuseDecided(tx, { courseId, excuseId, revision: decidedRevision });
    return { kind: 'decided', state, revision: decidedRevision };
  });
}

/**
 * Decides several, each by itself: where one meets a conflict, the others are decided.
 *
 * @returns what came of each, in the same order
 */
export async function decideExcuses(
  ctx: Ctx,
  { courseId, decisions }: { courseId: string; decisions: readonly DecisionRequest[] },
): Promise<DecidedExcuse[]> {
  if (decisions.length > maxAtOnce) throw new AppError('invalid-input');
  const done: DecidedExcuse[] = [];
  for (const decision of decisions) done.push(await decideExcuse(ctx, { courseId, ...decision }));
  return done;
}

/** One page of the queue. */
const maxAtOnce = 50;
