import { AppError } from '../base/errors.ts';
import { newId, randomToken } from '../base/ids.ts';
import { tokenHash } from '../base/seal.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { insertDevice, selectLivingPerson, updateDevicesRevoked } from './queries.ts';

/** A term, with some weeks to spare. */
export const deviceSeconds = 180 * 24 * 3600;

/**
 * "This is my phone": from now on one tap checks the viewer in here. The key is always new, so that whoever
 * held this browser before, and perhaps copied its key, holds nothing; they are not remembered here any more.
 *
 * @returns the key for this browser's cookie
 * @throws AppError `not-signed-in`
 */
export async function rememberDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  given: { oldKey: string | undefined },
): Promise<{ deviceKey: string }> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const { personId } = ctx.viewer;
  const deviceKey = randomToken();
  await transaction(ctx, async (tx) => {
    const person = await selectLivingPerson(tx.db, personId);
    if (person === undefined) throw new AppError('not-signed-in');
    if (given.oldKey !== undefined) {
      await updateDevicesRevoked(tx.db, tokenHash(given.oldKey), tx.now);
    }
    await insertDevice(tx.db, {
      id: newId(),
      keyHash: tokenHash(deviceKey),
      platformId: person.platformId,
      personId: person.id,
      expiresAt: addMs(tx.now, deviceSeconds * 1000),
    });
  });
  return { deviceKey };
}
