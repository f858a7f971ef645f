import type { Ctx } from '../context.ts';
import { selectRuns } from './queries.ts';
import type { RetentionRun } from './queries.ts';

const runsShown = 30;

/** The last runs of the retention job, the newest first. An operator's question. */
export function listRuns(ctx: Pick<Ctx, 'db'>): Promise<RetentionRun[]> {
  return selectRuns(ctx.db, runsShown);
}
