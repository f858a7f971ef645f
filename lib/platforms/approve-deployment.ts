import type { Ctx } from '../context.ts';
import { updateDeploymentApprovedAt } from './queries.ts';
import type { Deployment } from './queries.ts';

/** From now on launches of this deployment are admitted. An operator's act; a second time changes nothing. */
export async function approveDeployment(
  ctx: Pick<Ctx, 'db' | 'now'>,
  deployment: Deployment,
): Promise<{ approvedAt: Date }> {
  const approvedAt = deployment.approvedAt ?? ctx.now;
  await updateDeploymentApprovedAt(ctx.db, deployment.id, approvedAt);
  return { approvedAt };
}
