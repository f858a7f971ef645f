import type { Ctx } from '../context.ts';
import { selectMembers } from './queries.ts';
import type { ListedPlace } from './queries.ts';

/** Everybody who has a place in a course, for background work: nobody's view. */
export function listMembers(ctx: Pick<Ctx, 'db'>, courseId: string): Promise<ListedPlace[]> {
  return selectMembers(ctx.db, courseId);
}
