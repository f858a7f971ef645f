import type { Ctx } from '../context.ts';
import type { Platform } from '../platforms/find-platform.ts';
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
  platform: Platform,
  target: string | undefined,
): Promise<PlatformStorage> {
  return {
    target,
    platformOrigin: new URL(platform.authorizeUrl).origin,
    // Asked for where there is somebody to speak to.
    pageOrigins: target === undefined ? [] : await listFrameHosts(ctx.db, platform.id),
  };
}
