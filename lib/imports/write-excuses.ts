import { insertAuditEvents } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { insertExcuse, writeDecisions } from '../excuses/queries.ts';
import { selectKnownExcuses } from './queries.ts';

export interface ExcuseToWrite {
  id: string;
  oldId: string;
  membershipId: string;
  meetingId: string;
  /** Paths of its documents. */
  written: string[];
  isAccepted: boolean;
  note: string | null;
  text: string | null;
  submittedAt: Date;
}

/**
 * An upload made an absence excused, and nobody decided. It is taken over as accepted, so that nothing changes for the
 * student, and a teacher can take the decision back; decided now, so that its document is there to be looked at.
 */
export async function writeExcuses(
  tx: Ctx,
  courseId: string,
  given: readonly ExcuseToWrite[],
): Promise<number> {
  const known = await selectKnownExcuses(
    tx.db,
    given.map(({ id }) => id),
  );
  const fresh = given.filter(({ id }) => !known.has(id));
  for (const { id, membershipId, meetingId, isAccepted, note, text, submittedAt } of fresh) {
    await insertExcuse(tx.db, {
      ...{ id, courseId, membershipId, reason: 'other', text, submittedAt },
      ...(isAccepted ? { state: 'accepted', decidedAt: tx.now } : { state: 'submitted' }),
    });
    await writeDecisions(tx.db, id, [
      {
        ...{ meetingId, decision: isAccepted ? 'accepted' : null, changedRecord: isAccepted },
        recordBefore: isAccepted
          ? { status: 'absent', source: 'teacher', spans: [], note, replacesMeetingId: null }
          : null,
      },
    ]);
  }
  await insertAuditEvents(
    tx,
    fresh.map(({ id, membershipId, isAccepted }) => ({
      ...{ courseId, action: 'excuse.imported', subjectId: id },
      after: { membershipId, state: isAccepted ? 'accepted' : 'submitted' },
    })),
  );
  return fresh.length;
}
