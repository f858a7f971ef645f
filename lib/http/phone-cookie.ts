import { errorFacts } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import { renewDevice } from '../devices/renew-device.ts';
import type { BrowserHints, ShownKey } from '../devices/rules.ts';
import { setCookie } from './cookies.ts';

/** What the browser says of itself. */
export function browserHints(headers: Headers): BrowserHints {
  return { userAgent: headers.get('user-agent'), mobile: headers.get('sec-ch-ua-mobile') };
}

/**
 * Sets the cookie of a remembered phone again, with its next key where one is due. A check-in that was confirmed stays
 * so when this fails: the phone has its present key still.
 *
 * @param phone as it showed its key; undefined: it was not done with a remembered phone
 */
export async function renewedPhone(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  deviceKey: string | undefined,
  phone: ShownKey | undefined,
): Promise<[string, string][]> {
  if (deviceKey === undefined || phone === undefined) return [];
  try {
    const renewed = await renewDevice(ctx, { deviceKey, shown: phone });
    if (renewed === undefined) return [];
    return [['set-cookie', setCookie('sk_device', renewed.deviceKey, renewed.maxAgeSeconds)]];
  } catch (error) {
    ctx.log.warn(errorFacts(error), 'a phone could not be renewed');
    return [];
  }
}
