import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { selectDevices } from './queries.ts';
import type { DeviceView } from './queries.ts';

export type { DeviceView } from './queries.ts';

/**
 * The phones by which the viewer is checked in with one tap, the newest first.
 *
 * @throws AppError `not-signed-in`
 */
export async function loadMyDevices(ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>): Promise<DeviceView[]> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  return selectDevices(ctx.db, ctx.viewer.personId, ctx.now);
}
