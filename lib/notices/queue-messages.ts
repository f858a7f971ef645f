import { findPolicy } from '../access/find-policy.ts';
import { newId } from '../base/ids.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { dropWaiting, insertMessages, selectTeachersToTell, selectStudentOfExcuse } from './queries.ts';
import { decisionRestMs, digestDueAt, onceKeys } from './rules.ts';

/**
 * Has the student told, in a minute, that their excuse was decided. Called within the transaction that decides it; where
 * the decision is taken back or changed before, this one is not told.
 *
 * @param decided `revision`: the excuse's own, after the decision
 */
export async function queueExcuseDecided(
  tx: Pick<Ctx, 'db' | 'now'>,
  { courseId, excuseId, revision }: { courseId: string; excuseId: string; revision: number },
): Promise<void> {
  if (!(await findPolicy(tx, courseId)).mailExcuses) return;
  const onceKey = onceKeys.decision(excuseId, revision);
  await dropWaiting(tx.db, {
    ...{ kind: 'excuse-decided', subjectId: excuseId },
    exceptKey: onceKey,
    now: tx.now,
  });
  const personId = await selectStudentOfExcuse(tx.db, { courseId, excuseId });
  if (personId === undefined) return;
  await insertMessages(tx.db, [
    {
      id: newId(),
      kind: 'excuse-decided',
      personId,
      courseId,
      subjectId: excuseId,
      onceKey,
      createdAt: tx.now,
      dueAt: addMs(tx.now, decisionRestMs),
    },
  ]);
}

/**
 * Has the teachers told that excuses wait: one mail each for all that comes within three hours. Called within the
 * transaction that hands one in.
 */
export async function queueExcusesReceived(
  tx: Pick<Ctx, 'db' | 'now'>,
  { courseId }: { courseId: string },
): Promise<void> {
  if (!(await findPolicy(tx, courseId)).mailExcuses) return;
  const dueAt = digestDueAt(tx.now);
  const teachers = await selectTeachersToTell(tx.db, courseId, tx.now);
  await insertMessages(
    tx.db,
    teachers.map(({ personId }) => ({
      ...{ id: newId(), personId, courseId, dueAt },
      kind: 'excuses-received',
      onceKey: onceKeys.digest(courseId, personId, dueAt),
      createdAt: tx.now,
    })),
  );
}
