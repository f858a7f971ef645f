import type { Env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { registerPlatform } from './register-platform.ts';
import { canvasAddresses } from './rules.ts';

/** Registers the platform that `CANVAS_*` names, if they name one. */
export async function registerPlatformOfSettings(ctx: Pick<Ctx, 'db' | 'now'>, settings: Env): Promise<void> {
  const {
    CANVAS_PLATFORM_URL: issuer,
    CANVAS_CLIENT_ID: clientId,
    CANVAS_DEPLOYMENT_ID: deploymentId,
  } = settings;
  if (issuer === undefined || clientId === undefined || deploymentId === undefined) return;
  // An issuer has no trailing slash: Canvas sends it without, and it is compared letter by letter.
  const exactIssuer = issuer.replace(/\/$/, '');
  const derived = canvasAddresses(exactIssuer);
  await registerPlatform(ctx, {
    issuer: exactIssuer,
    clientId,
    name: 'Canvas',
    authorizeUrl: settings.CANVAS_AUTHORIZE_URL ?? derived.authorizeUrl,
    tokenUrl: settings.CANVAS_TOKEN_URL ?? derived.tokenUrl,
    jwksUrl: settings.CANVAS_JWKS_URL ?? derived.jwksUrl,
    deploymentIds: [deploymentId],
  });
}
