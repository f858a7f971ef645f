import type { Ctx } from '../context.ts';
import { deletePendingDeployment } from './queries.ts';
import type { Deployment } from './queries.ts';

/**
 * Forgets a deployment that waits. An operator's act; its next launch would wait anew.
 *
 * @returns false when it is approved, or holds courses: nothing was changed
 */
export async function refuseDeployment(ctx: Pick<Ctx, 'db'>, deployment: Deployment): Promise<boolean> {
  return deletePendingDeployment(ctx.db, deployment.id);
}
