import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { updateDevicesRevokedByKey } from './queries.ts';

/**
 * "Not you?": this browser is nobody's phone any more. Whoever holds the key may say so; nothing else can be
 * done with it than checking in.
 *
 * @returns whether the one whom it forgot is signed in here as well, and is to be signed out
 */
export async function forgetDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer' | 'log'>,
  given: { deviceKey: string | undefined },
): Promise<{ isSignedIn: boolean }> {
  if (given.deviceKey === undefined) return { isSignedIn: false };
  const owners = await updateDevicesRevokedByKey(ctx.db, [tokenHash(given.deviceKey)], ctx.now);
  ctx.log.info({ forgotten: owners.length }, 'a phone was forgotten');
  return { isSignedIn: ctx.viewer !== undefined && owners.includes(ctx.viewer.personId) };
}
