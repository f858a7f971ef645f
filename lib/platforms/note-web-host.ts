import type { Ctx } from '../context.ts';
import { updateDeploymentHosts } from './queries.ts';
import type { Deployment } from './queries.ts';

/** A school has its own name and its host's; more than a few come from nobody honest. */
const mostFrameHosts = 10;

/**
 * Notes the host of the platform's pages, as a verified launch of this deployment tells it: the last one is where
 * phones are sent to sign in, and every one may go on framing us.
 */
export async function noteWebHost(
  ctx: Pick<Ctx, 'db'>,
  deployment: Deployment,
  webHost: string | undefined,
): Promise<void> {
  const host = webHost?.toLowerCase();
  if (host === undefined || host === deployment.webHost) return;
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/.test(host)) return;
  const others = deployment.frameHosts.filter((known) => known !== host);
  await updateDeploymentHosts(ctx.db, deployment.id, {
    webHost: host,
    frameHosts: [host, ...others].slice(0, mostFrameHosts),
  });
}
