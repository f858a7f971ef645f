import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import {
  erasureAction,
  insertAuditEvent,
  lockChain,
  selectCoursesOfPerson,
  updateErased,
} from './queries.ts';
import { sealCourse } from './seal-audit.ts';

export interface ErasedFromAudit {
  courses: number;
  events: number;
}

/**
 * Erases what the log tells of a person: what happened to their records and their place in courses, with who did
 * it where it was themselves. What they did to others' records stays: it is those others' evidence, and names the
 * person by a number alone. The chain holds; each course's log says how many events it lost. A second time erases
 * what has come since. An operator's act.
 *
 * @throws LostSecretError
 */
export async function eraseFromAudit(ctx: Ctx, personId: string): Promise<ErasedFromAudit> {
  const done = { courses: 0, events: 0 };
  for (const courseId of await selectCoursesOfPerson(ctx.db, personId)) {
    // Sealed first: of what is erased without a commitment, nothing could be proven afterwards.
    await sealCourse(ctx, courseId);
    const events = await transaction(ctx, async (tx) => {
      await lockChain(tx.db, courseId);
      const erased = await updateErased(tx.db, { courseId, personId, erasedAt: tx.now });
      if (erased === 0) return 0;
      await insertAuditEvent(tx, {
        courseId,
        action: erasureAction,
        subjectId: courseId,
        after: { events: erased },
      });
      return erased;
    });
    done.events += events;
    if (events > 0) done.courses += 1;
  }
  return done;
}
