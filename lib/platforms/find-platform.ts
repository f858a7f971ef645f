import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { selectPlatform, selectPlatformsOfIssuer } from './queries.ts';
import type { Platform } from './queries.ts';

export type { Deployment, Platform } from './queries.ts';

/**
 * The registration that a login request means: by issuer and client id, or by the issuer alone where it has
 * just one (the client id is optional in LTI Security Framework § 5.1.1.1).
 *
 * @throws AppError `platform-unknown`, `platform-disabled`
 */
export async function findPlatform(
  ctx: Pick<Ctx, 'db'>,
  key: { issuer: string; clientId: string | undefined },
): Promise<Platform> {
  const registered = await selectPlatformsOfIssuer(ctx.db, key.issuer);
  const fitting = registered.filter((p) => key.clientId === undefined || p.clientId === key.clientId);
  const [platform] = fitting;
  if (platform === undefined || fitting.length > 1) throw new AppError('platform-unknown');
  if (platform.disabledAt !== null) throw new AppError('platform-disabled');
  return platform;
}

/** @throws AppError `platform-unknown`, `platform-disabled` */
export async function requirePlatform(ctx: Pick<Ctx, 'db'>, id: string): Promise<Platform> {
  const platform = await selectPlatform(ctx.db, id);
  if (platform === undefined) throw new AppError('platform-unknown');
  if (platform.disabledAt !== null) throw new AppError('platform-disabled');
  return platform;
}
