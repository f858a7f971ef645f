import type { Ctx } from '#lib/context.ts';
import { rememberDevice } from '#lib/devices/remember-device.ts';

/** What an iPhone's Safari says of itself. */
export const iPhone = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  mobile: null,
};

/** "This is my phone", said by the viewer on an iPhone. */
export async function rememberPhone(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer' | 'secrets'>,
  oldKey?: string,
): Promise<{ deviceKey: string; maxAgeSeconds: number }> {
  const result = await rememberDevice(ctx, { oldKey, browser: iPhone });
  if (result.kind !== 'remembered') throw new Error('an iPhone is a phone');
  return result;
}
