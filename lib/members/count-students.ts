import type { Ctx } from '../context.ts';
import { selectStudentCount } from './queries.ts';

/** Students enrolled in a course now, test users apart. Asked by use cases that have checked access. */
export function countStudents(ctx: Pick<Ctx, 'db' | 'now'>, courseId: string): Promise<number> {
  return selectStudentCount(ctx.db, courseId, ctx.now);
}
