import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockDevice, updateDeviceRevoked } from './queries.ts';

/**
 * One of the viewer's own phones is nobody's any more. A second time changes nothing.
 *
 * @throws AppError `not-signed-in`, `not-found` (also for another person's)
 */
export async function revokeMyDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  deviceId: string,
): Promise<void> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const { personId } = ctx.viewer;
  if (!isId(deviceId)) throw new AppError('not-found');
  await transaction(ctx, async (tx) => {
    const device = await lockDevice(tx.db, { deviceId, personId });
    if (device === undefined) throw new AppError('not-found');
    if (device.revokedAt === null) await updateDeviceRevoked(tx.db, device.id, tx.now);
  });
}
