import type { Ctx } from '../context.ts';
import { requirePlatform } from '../platforms/find-platform.ts';
import { listFrameHosts } from '../platforms/list-frame-hosts.ts';

/** What a page of ours must know to reach the platform's own storage by messages. */
export interface PlatformStorage {
  /** The frame that the platform offered for it (`lti_storage_target`), if it did. */
  target: string | undefined;
  /** Origin of the authorisation endpoint: messages for the storage are addressed to it. */
  platformOrigin: string;
  /** Origins of the platform's pages, as CSP writes them. */
  pageOrigins: readonly string[];
}

export async function platformStorage(
  ctx: Pick<Ctx, 'db'>,
  platformId: string,
  target: string | undefined,
): Promise<PlatformStorage> {
  const [platform, pageOrigins] = await Promise.all([
    requirePlatform(ctx, platformId),
    listFrameHosts(ctx.db, platformId),
  ]);
  return { target, platformOrigin: new URL(platform.authorizeUrl).origin, pageOrigins };
}
