import { computeCourseTotals } from '../attendance/compute-course-totals.ts';
import { newId } from '../base/ids.ts';
import { addMs } from '../base/time.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { insertMessages, selectCoursesToWatch, selectStudentsToTell } from './queries.ts';
import { fewestMeetingsForRate, onceKeys, rateWatchMs } from './rules.ts';

/**
 * Has students told, once each, that their rate has fallen below what their course requires. Of courses that have held
 * a meeting lately; for each of them four statements, however many students there are.
 *
 * @returns how many
 */
export async function findLowRates(ctx: Pick<Ctx, 'db' | 'now'>): Promise<number> {
  let found = 0;
  for (const course of await selectCoursesToWatch(ctx.db, addMs(ctx.now, -rateWatchMs))) {
    found += await findInCourse(ctx, course);
  }
  return found;
}

async function findInCourse(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { courseId, policy }: { courseId: string; policy: CoursePolicy },
): Promise<number> {
  const totals = await computeCourseTotals(ctx, { courseId, policy });
  const low = [...totals].flatMap(([membershipId, { standing, expectedMeetings }]) =>
    standing === 'below' && expectedMeetings >= fewestMeetingsForRate ? [membershipId] : [],
  );
  if (low.length === 0) return 0;
  const students = await selectStudentsToTell(ctx.db, low, ctx.now);
  return insertMessages(
    ctx.db,
    students.map(({ membershipId, personId }) => ({
      ...{ id: newId(), personId, courseId, subjectId: membershipId },
      kind: 'rate-below',
      onceKey: onceKeys.lowRate(membershipId),
      createdAt: ctx.now,
      dueAt: ctx.now,
    })),
  );
}
