import type { Ctx } from '../context.ts';
import { authenticationRequestUrl } from '../lti/login-request.ts';
import type { LoginRequest } from '../lti/login-request.ts';
import { findPlatform } from '../platforms/find-platform.ts';
import type { Platform } from '../platforms/find-platform.ts';
import { createState, sealState } from './state.ts';
import { targetPathOf } from './rules.ts';

export interface BegunLogin {
  platform: Platform;
  /** Where to send the browser. */
  redirectTo: string;
  sealedState: string;
  /** What this browser must bring back with the launch. */
  browserKey: string;
}

/**
 * Answers a platform's login request (LTI Security Framework § 5.1.1): a state that only this browser can
 * bring back, a nonce that the id_token must carry.
 *
 * @param isFramed whether the browser may be showing us inside a page of the platform
 * @throws AppError `platform-unknown`, `platform-disabled`, `target-foreign`
 */
export async function beginLogin(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  { request, publicUrl, isFramed }: { request: LoginRequest; publicUrl: string; isFramed: boolean },
): Promise<BegunLogin> {
  const platform = await findPlatform(ctx, { issuer: request.iss, clientId: request.client_id });
  // Only a hint here (the signed claim decides), but a foreign one is refused early.
  targetPathOf(request.target_link_uri, publicUrl);
  const state = createState(
    {
      platformId: platform.id,
      keeper: isFramed ? { storageTarget: request.lti_storage_target } : undefined,
    },
    ctx.now,
  );
  const sealedState = sealState(ctx.secrets, state);
  return {
    platform,
    redirectTo: authenticationRequestUrl(request, {
      authorizeUrl: platform.authorizeUrl,
      clientId: platform.clientId,
      redirectUri: `${publicUrl}/lti/launch`,
      state: sealedState,
      nonce: state.nonce,
    }),
    sealedState,
    browserKey: state.browserKey,
  };
}
