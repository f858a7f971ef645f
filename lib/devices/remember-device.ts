import { AppError } from '../base/errors.ts';
import { newId, randomToken } from '../base/ids.ts';
import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { hashesFrom } from './device-key.ts';
import {
  insertDevice,
  selectDeviceOwner,
  updateDevicesRevokedByKey,
  updateOlderDevicesRevoked,
} from './queries.ts';
import { cookieSeconds, decideExpiry, isHandheld, nameDevice } from './rules.ts';
import type { BrowserHints } from './rules.ts';

/** So many phones one person may have at once: who loses the cookie every week does not fill the list. */
const mostDevices = 10;

/** `not-a-phone`: a computer may be anybody's, and becomes nobody's. */
export type RememberedDevice =
  | { kind: 'not-a-phone' }
  /** The key, and how long it is good, for this browser's cookie. */
  | { kind: 'remembered'; deviceKey: string; maxAgeSeconds: number };

/**
 * "This is my phone": from now on one tap checks the viewer in here, until their term ends. The key is always new, so
 * that whoever held this browser before, and perhaps copied its key, holds nothing, though their copy has had its next
 * ones since; they are not remembered here any more.
 *
 * @throws AppError `not-signed-in`
 */
export async function rememberDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer' | 'secrets'>,
  given: { oldKey: string | undefined; browser: BrowserHints },
): Promise<RememberedDevice> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const { personId } = ctx.viewer;
  const { oldKey, browser } = given;
  if (!isHandheld(browser)) return { kind: 'not-a-phone' };
  const deviceKey = randomToken();
  return transaction(ctx, async (tx) => {
    const person = await selectDeviceOwner(tx.db, personId, tx.now);
    if (person === undefined) throw new AppError('not-signed-in');
    if (oldKey !== undefined) {
      await updateDevicesRevokedByKey(tx.db, hashesFrom(tx.secrets, oldKey), tx.now);
    }
    await updateOlderDevicesRevoked(tx.db, person.id, { keep: mostDevices - 1, now: tx.now });
    const expiresAt = decideExpiry(person.termEnds, tx.now);
    await insertDevice(tx.db, {
      id: newId(),
      keyHash: tokenHash(deviceKey),
      platformId: person.platformId,
      personId: person.id,
      name: nameDevice(browser.userAgent),
      createdAt: tx.now,
      renewedAt: tx.now,
      expiresAt,
    });
    return { kind: 'remembered', deviceKey, maxAgeSeconds: cookieSeconds(expiresAt, tx.now) };
  });
}
