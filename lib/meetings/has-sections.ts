import type { Ctx } from '../context.ts';
import { selectSections } from './queries.ts';

/** Whether a course has all these sections. One that was taken away meanwhile, or another course's, it has not. */
export async function hasSections(
  ctx: Pick<Ctx, 'db'>,
  courseId: string,
  sectionIds: readonly string[],
): Promise<boolean> {
  if (sectionIds.length === 0) return true;
  const known = new Set((await selectSections(ctx.db, courseId)).map(({ id }) => id));
  return sectionIds.every((id) => known.has(id));
}
