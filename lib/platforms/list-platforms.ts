import type { Ctx } from '../context.ts';
import { selectDeploymentsOfPlatforms, selectPlatforms } from './queries.ts';

export interface ListedPlatform {
  issuer: string;
  clientId: string;
  name: string;
  disabled: boolean;
  /** Those that are approved. */
  deploymentIds: string[];
  pendingDeploymentIds: string[];
}

/** All registrations, for the operator. */
export async function listPlatforms(ctx: Pick<Ctx, 'db'>): Promise<ListedPlatform[]> {
  const [platforms, deployments] = await Promise.all([
    selectPlatforms(ctx.db),
    selectDeploymentsOfPlatforms(ctx.db),
  ]);
  const idsOf = (platform: { id: string }, approved: boolean) =>
    deployments
      .filter((d) => d.platformId === platform.id && (d.approvedAt !== null) === approved)
      .map((d) => d.deploymentId);
  return platforms.map((platform) => ({
    issuer: platform.issuer,
    clientId: platform.clientId,
    name: platform.name,
    disabled: platform.disabledAt !== null,
    deploymentIds: idsOf(platform, true),
    pendingDeploymentIds: idsOf(platform, false),
  }));
}
