import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { selectIsDeviceOfPerson } from './queries.ts';

/** Whether the browser that shows this key is this person's remembered phone. */
export async function isRemembered(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { deviceKey, personId }: { deviceKey: string | undefined; personId: string },
): Promise<boolean> {
  return deviceKey !== undefined && selectIsDeviceOfPerson(ctx.db, tokenHash(deviceKey), personId, ctx.now);
}
