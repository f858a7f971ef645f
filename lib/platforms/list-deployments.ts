import type { Ctx } from '../context.ts';
import { selectDeploymentsWithUse } from './queries.ts';

export interface ListedDeployment {
  id: string;
  deploymentId: string;
  issuer: string;
  clientId: string;
  webHost: string | null;
  /** Null: its launches are refused. */
  approvedAt: Date | null;
  firstSeenAt: Date;
  courses: number;
}

/** All installations of the tool, for the operator. */
export async function listDeployments(ctx: Pick<Ctx, 'db'>): Promise<ListedDeployment[]> {
  const rows = await selectDeploymentsWithUse(ctx.db);
  return rows.map(({ id, deploymentId, platform, webHost, approvedAt, createdAt, courses }) => ({
    id,
    deploymentId,
    issuer: platform.issuer,
    clientId: platform.clientId,
    webHost,
    approvedAt,
    firstSeenAt: createdAt,
    courses,
  }));
}
