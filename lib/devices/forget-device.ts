import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { updateDevicesRevokedByKey } from './queries.ts';

/**
 * "Not you?": this browser is nobody's phone any more. Whoever holds the key may say so; nothing else can be
 * done with it than checking in.
 */
export async function forgetDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  given: { deviceKey: string | undefined },
): Promise<void> {
  if (given.deviceKey === undefined) return;
  const forgotten = await updateDevicesRevokedByKey(ctx.db, tokenHash(given.deviceKey), ctx.now);
  ctx.log.info({ forgotten }, 'a phone was forgotten');
}
