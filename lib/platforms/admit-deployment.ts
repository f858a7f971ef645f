import type { DeploymentApproval } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { selectDeploymentCounts, insertDeployment, lockPlatform, selectDeployment } from './queries.ts';
import type { Deployment } from './queries.ts';
import { decideDeployment } from './rules.ts';

export interface SeenDeployment {
  platformId: string;
  /** As the platform sends it. */
  deploymentId: string;
  approval: DeploymentApproval;
}

/**
 * The approved deployment that a verified launch names. One that nobody has heard of is kept, and waits for the
 * operator's word unless the setting gives it; one that waits already goes on waiting, whatever the setting.
 *
 * @throws AppError `deployment-pending`, with the row's id, by which the operator approves it
 */
export async function admitDeployment(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  seen: SeenDeployment,
): Promise<Deployment> {
  const { platformId, deploymentId } = seen;
  const deployment =
    (await selectDeployment(ctx.db, platformId, deploymentId)) ?? (await keepDeployment(ctx, seen));
  if (deployment === undefined) throw new AppError('deployment-pending', { platformId, kept: false });
  if (deployment.approvedAt === null) throw new AppError('deployment-pending', { deployment: deployment.id });
  return deployment;
}

/** Keeps an unknown deployment, unless too many wait: whoever runs the platform could name any number. */
async function keepDeployment(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  { platformId, deploymentId, approval }: SeenDeployment,
): Promise<Deployment | undefined> {
  return transaction(ctx, async (tx) => {
    // Two launches at the same moment take turns, so that only one of them is the first.
    await lockPlatform(tx.db, platformId);
    const known = await selectDeployment(tx.db, platformId, deploymentId);
    if (known !== undefined) return known;
    const decision = decideDeployment(approval, await selectDeploymentCounts(tx.db, platformId));
    if (decision === 'refuse') return undefined;
    const kept = await insertDeployment(tx.db, {
      id: newId(),
      platformId,
      deploymentId,
      approvedAt: decision === 'approve' ? tx.now : null,
      createdAt: tx.now,
    });
    tx.log.warn(
      { deployment: kept.id, deploymentId, platformId },
      decision === 'approve' ? 'a new deployment was approved' : 'a new deployment waits for approval',
    );
    return kept;
  });
}
