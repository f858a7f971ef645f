import type { Ctx } from '../context.ts';
import { updateDeploymentWebHost } from './queries.ts';
import type { Deployment } from './queries.ts';

/**
 * Notes the host of the platform's pages, as a verified launch of this deployment tells it.
 *
 * @returns whether it is new
 */
export async function noteWebHost(
  ctx: Pick<Ctx, 'db'>,
  deployment: Deployment,
  webHost: string | undefined,
): Promise<boolean> {
  if (webHost === undefined || webHost === deployment.webHost) return false;
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/i.test(webHost)) return false;
  await updateDeploymentWebHost(ctx.db, deployment.id, webHost.toLowerCase());
  return true;
}
