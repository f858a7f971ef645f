import { requireExcuseViewer } from '../access/require-place.ts';
import { byGermanName } from '../base/by-german-name.ts';
import type { Ctx } from '../context.ts';
import { selectExcusedBetween } from './queries.ts';
import type { ExcusedAtMeeting } from './queries.ts';

export type { ExcusedAtMeeting } from './queries.ts';

/**
 * Who is excused, or has asked to be, at the meetings that begin within a time; meetings by start, names in order.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function loadWhoIsExcused(
  ctx: Ctx,
  { courseId, from, to }: { courseId: string; from: Date; to: Date },
): Promise<ExcusedAtMeeting[]> {
  await requireExcuseViewer(ctx, courseId);
  const found = await selectExcusedBetween(ctx.db, { courseId, from, to });
  return found.map(({ meeting, students }) => ({
    meeting,
    students: students.toSorted((a, b) => byGermanName.compare(a.name, b.name)),
  }));
}
