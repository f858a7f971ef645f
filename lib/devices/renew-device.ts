import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { nextDeviceKey } from './device-key.ts';
import { updateDeviceKey } from './queries.ts';
import { cookieSeconds, isRenewalDue, keyDueBefore } from './rules.ts';
import type { ShownKey } from './rules.ts';

/**
 * After a confirmed check-in: the key that the phone is to keep now, for its cookie, which is set again each time
 * (Safari drops what was not set for seven days). The database is asked only when a key is due or has arrived.
 *
 * The next key follows from the present one, so that two tabs, and whoever asks again after a lost answer, are given
 * the same. Both keys are taken until the phone has shown the next one; from then on the old one is nobody's.
 *
 * @param given `shown`: what the database says of the key, see `shownKeyColumns`
 * @returns undefined: the cookie stays as it is
 */
export async function renewDevice(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  given: { deviceKey: string; shown: ShownKey },
): Promise<{ deviceKey: string; maxAgeSeconds: number } | undefined> {
  const { deviceKey, shown } = given;
  const maxAgeSeconds = cookieSeconds(shown.expiresAt, ctx.now);
  if (!isRenewalDue(shown, ctx.now)) return { deviceKey, maxAgeSeconds };
  const nextKey = nextDeviceKey(ctx.secrets, deviceKey);
  const renewed = await updateDeviceKey(ctx.db, {
    keyHash: tokenHash(deviceKey),
    nextKeyHash: tokenHash(nextKey),
    dueBefore: keyDueBefore(ctx.now),
    now: ctx.now,
  });
  // Another tab was faster, or the phone was revoked: the cookie is not for us to say any more.
  if (renewed === undefined) return undefined;
  return { deviceKey: renewed.isNextGiven ? nextKey : deviceKey, maxAgeSeconds };
}
