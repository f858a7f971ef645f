import type { Ctx } from '../context.ts';
import { selectDeploymentsOfPlatforms, selectPlatforms } from './queries.ts';

export interface ListedPlatform {
  issuer: string;
  clientId: string;
  name: string;
  disabled: boolean;
  deploymentIds: string[];
}

/** All registrations, for the operator. */
export async function listPlatforms(ctx: Pick<Ctx, 'db'>): Promise<ListedPlatform[]> {
  const [platforms, deployments] = await Promise.all([
    selectPlatforms(ctx.db),
    selectDeploymentsOfPlatforms(ctx.db),
  ]);
  return platforms.map((platform) => ({
    issuer: platform.issuer,
    clientId: platform.clientId,
    name: platform.name,
    disabled: platform.disabledAt !== null,
    deploymentIds: deployments.filter((d) => d.platformId === platform.id).map((d) => d.deploymentId),
  }));
}
