import type { Ctx } from '../context.ts';
import { updateRosterSyncedAt } from './queries.ts';

/** Notes that the whole roster was read. */
export function noteRosterSynced(ctx: Pick<Ctx, 'db' | 'now'>, courseId: string): Promise<void> {
  return updateRosterSyncedAt(ctx.db, courseId, ctx.now);
}
